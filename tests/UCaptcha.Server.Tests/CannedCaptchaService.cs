using Grpc.Core;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests;

internal sealed class CannedCaptchaService : CaptchaService.CaptchaServiceBase
{
    public override Task<GetBalanceResponse> GetBalance(GetBalanceRequest request, ServerCallContext context) =>
        Task.FromResult(new GetBalanceResponse { Balance = 12.5 });
}
