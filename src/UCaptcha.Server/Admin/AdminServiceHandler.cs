using Grpc.Core;
using UCaptcha.Core.Routing;
using UCaptcha.Core.Storage;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>The methods of AdminService; each asks a desk.</summary>
internal sealed class AdminServiceHandler(StatusDesk status, AccountDesk accounts, TaskDesk tasks, AccountPool pool, TimeProvider clock)
    : AdminService.AdminServiceBase
{
    /// <summary>Who changes something: there is one admin key.</summary>
    private const string Actor = "admin";

    private ChangedBy Admin => new(Actor, clock.GetUtcNow());

    /// <inheritdoc/>
    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) => Task.FromResult(status.Get());

    /// <inheritdoc/>
    public override async Task<ListAccountsResponse> ListAccounts(ListAccountsRequest request, ServerCallContext context) =>
        new() { Accounts = { await accounts.ListAsync(context.CancellationToken) } };

    /// <inheritdoc/>
    public override async Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.GetAsync(request.Slug, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<CreateAccountResponse> CreateAccount(CreateAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.CreateAsync(request, Admin, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<UpdateAccountResponse> UpdateAccount(UpdateAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.UpdateAsync(request, Admin, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<EnableAccountResponse> EnableAccount(EnableAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.RestAsync(request.Slug, rest: false, Admin, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<DisableAccountResponse> DisableAccount(DisableAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.RestAsync(request.Slug, rest: true, Admin, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<ResetAccountResponse> ResetAccount(ResetAccountRequest request, ServerCallContext context)
    {
        if (!pool.ResetBreaker(request.Slug))
            throw AdminRefusals.NotFound("slug", "account");
        return new ResetAccountResponse { Account = await accounts.GetAsync(request.Slug, context.CancellationToken) };
    }

    /// <inheritdoc/>
    public override async Task<DeleteAccountResponse> DeleteAccount(DeleteAccountRequest request, ServerCallContext context)
    {
        await accounts.DeleteAsync(request.Slug, Admin, context.CancellationToken);
        return new DeleteAccountResponse();
    }

    /// <inheritdoc/>
    public override Task<GetTaskResponse> GetTask(GetTaskRequest request, ServerCallContext context) => tasks.GetAsync(request.TaskId, context.CancellationToken);
}
