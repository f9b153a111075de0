using Google.Protobuf.Reflection;
using UCaptcha.Core;
using UCaptcha.Server.Errors;

namespace UCaptcha.Server.OpenApi;

/// <summary>The codes that a method can refuse a call with, under their HTTP statuses.</summary>
internal static class DocumentedErrors
{
    /// <summary>Codes that only a request with such a field can meet; every other code any request can.</summary>
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        [ErrorCodes.DomainNotAllowed] = ["task"],
        [ErrorCodes.PageUrl] = ["task"],
        [ErrorCodes.SiteKey] = ["task"],
        [ErrorCodes.BadProxy] = ["task"],
        [ErrorCodes.ProxyFormat] = ["task"],
        [ErrorCodes.TaskNotSupported] = ["task"],
        [ErrorCodes.ZeroCaptchaFilesize] = ["task"],
        [ErrorCodes.TooBigCaptchaFilesize] = ["task"],
        [ErrorCodes.ZeroBalance] = ["task"],
        [ErrorCodes.DuplicateRequest] = ["task"],
        [ErrorCodes.NoProvidersAvailable] = ["task"],
        [ErrorCodes.WrongCaptchaId] = ["task_id", "task_ids"],
        [ErrorCodes.NoSuchMethod] = [],
    };

    /// <summary>Status and code, in the order of the statuses.</summary>
    public static IEnumerable<IGrouping<int, string>> Of(MethodDescriptor method, bool hasBody) => ErrorTable.Codes
        .Where(code => !Fields.TryGetValue(code, out var fields) || fields.Any(field => method.InputType.FindFieldByName(field) is not null))
        .Select(code => (Status: ErrorTable.HttpStatus(code), Code: code))
        .Concat(hasBody ? [(StatusCodes.Status413PayloadTooLarge, ErrorCodes.BadParameters)] : [])
        .OrderBy(row => row.Status)
        .GroupBy(row => row.Status, row => row.Code);
}
