namespace UCaptcha.Server.Metrics;

/// <summary>Labels as the text format has them: <c>account="main",family="HCaptcha"</c>.</summary>
internal static class MetricLabels
{
    /// <summary>Writes labels into a buffer; false when they do not fit.</summary>
    public static bool TryFormat(ReadOnlySpan<KeyValuePair<string, object?>> tags, Span<char> buffer, out int length)
    {
        length = 0;
        foreach (var (name, value) in tags)
        {
            var text = value as string ?? value?.ToString() ?? "";
            // At worst every character is escaped.
            if (buffer.Length - length < name.Length + (text.Length * 2) + 4)
                return false;
            if (length > 0)
                buffer[length++] = ',';
            foreach (var c in name)
                buffer[length++] = char.IsAsciiLetterOrDigit(c) ? c : '_';
            buffer[length++] = '=';
            buffer[length++] = '"';
            foreach (var c in text)
            {
                if (c is '\\' or '"' or '\n')
                    buffer[length++] = '\\';
                buffer[length++] = c == '\n' ? 'n' : c;
            }

            buffer[length++] = '"';
        }

        return true;
    }
}
