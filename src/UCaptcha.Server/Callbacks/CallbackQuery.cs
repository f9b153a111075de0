namespace UCaptcha.Server.Callbacks;

/// <summary>The native form: what happened stands in the query of a GET.</summary>
internal static class CallbackQuery
{
    /// <summary>
    /// Adds <c>captcha_id</c>, <c>status</c> (1 or 0) and, on success, <c>code</c> behind the URL's own query; a fragment is dropped, for it is
    /// never sent. Null when the URL is none.
    /// </summary>
    public static Uri? Append(string url, Guid taskId, bool success, string? code)
    {
        var end = url.IndexOf('#', StringComparison.Ordinal);
        var target = end < 0 ? url : url[..end];
        var separator = !target.Contains('?', StringComparison.Ordinal) ? "?" : target[^1] is '?' or '&' ? "" : "&";
        var tail = success && code is not null ? "1&code=" + Uri.EscapeDataString(code) : success ? "1" : "0";
        return Uri.TryCreate($"{target}{separator}captcha_id={taskId}&status={tail}", UriKind.Absolute, out var whole) ? whole : null;
    }
}
