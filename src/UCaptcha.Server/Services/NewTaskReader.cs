using Grpc.Core;
using UCaptcha.Core;
using UCaptcha.Core.Keys;
using UCaptcha.Core.Tasks.Engine;
using UCaptcha.Server.Callbacks;
using UCaptcha.Transcoding.Codec;
using UCaptcha.Transcoding.Rendering;
using UCaptcha.V1;
using SelectionMode = UCaptcha.Core.Tasks.SelectionMode;

namespace UCaptcha.Server.Services;

/// <summary>Reads what a client asks for out of the contract's messages and metadata.</summary>
internal sealed class NewTaskReader(ContractJson json, CallbackUrlCheck callbackUrls, string defaultDialect)
{
    /// <summary>The metadata or header that may carry the request id instead of the message.</summary>
    public const string IdempotencyHeader = "idempotency-key";

    /// <exception cref="RefusedException">A field is missing or contradicts another.</exception>
    public NewTask Read(
        ApiKey key, CaptchaTask? task, string callbackUrl, V1.SelectionMode mode, string provider, string requestId, ServerCallContext context)
    {
        if (task is null)
            throw new RefusedException(ErrorCodes.BadParameters, "task is missing.", "task");
        if (!Enum.IsDefined(mode))
            throw new RefusedException(
                ErrorCodes.BadParameters, "selectionMode must be autoCheapest, autoFastest, autoMostReliable or priority.", "selectionMode");
        if (callbackUrl.Length > 0 && callbackUrls.Check(callbackUrl) is { } refusal)
            throw new RefusedException(ErrorCodes.BadParameters, refusal, "callbackUrl");
        return new NewTask(key, Write(task), DialectOf(key, context))
        {
            CallbackUrl = NullIfEmpty(callbackUrl),
            Mode = (SelectionMode)mode,
            Provider = NullIfEmpty(provider),
            RequestId = RequestId(requestId, context),
        };
    }

    private ReadOnlyMemory<byte> Write(CaptchaTask task)
    {
        try
        {
            return json.WriteTask(task);
        }
        catch (JsonContractException)
        {
            throw new RefusedException(ErrorCodes.BadParameters, "task holds NaN or an infinity, which has no JSON form.", "task");
        }
    }

    private string DialectOf(ApiKey key, ServerCallContext context) =>
        TranscodingFeature.Of(context.GetHttpContext())?.Profile.Name ?? key.Settings.Dialect ?? defaultDialect;

    private static string? RequestId(string inMessage, ServerCallContext context)
    {
        var inHeader = (string?)context.GetHttpContext().Request.Headers[IdempotencyHeader];
        if (inMessage.Length > 0 && !string.IsNullOrEmpty(inHeader) && inMessage != inHeader)
            throw new RefusedException(ErrorCodes.BadParameters, "requestId and the Idempotency-Key header differ.", "requestId");
        return NullIfEmpty(inMessage) ?? NullIfEmpty(inHeader);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
