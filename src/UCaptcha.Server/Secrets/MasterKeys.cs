using System.Security.Cryptography;
using UCaptcha.Server.Options;

namespace UCaptcha.Server.Secrets;

/// <summary>Reads keys and other secrets that a setting holds, or the file that it names.</summary>
internal static class MasterKeys
{
    /// <summary>The sealer for the settings; problems are added.</summary>
    public static SecretSealer Read(SecretSettings settings, SettingsProblems problems, RandomNumberGenerator random)
    {
        var current = Text("UCaptcha:Secrets:MasterKey", settings.MasterKey, settings.MasterKeyFile, problems) is { } text
            ? Key("UCaptcha:Secrets:MasterKey", text, problems)
            : null;
        var previous = settings.PreviousKeys.Select(key => Key("UCaptcha:Secrets:PreviousKeys", key, problems)).OfType<byte[]>().ToArray();
        return new SecretSealer(current, previous, random);
    }

    /// <summary>What a setting says, or the file that its twin names; null when neither is set.</summary>
    public static string? Text(string setting, string? value, string? file, SettingsProblems problems)
    {
        if (string.IsNullOrEmpty(file))
            return string.IsNullOrEmpty(value) ? null : value;
        if (!string.IsNullOrEmpty(value))
            problems.Add($"{setting} and {setting}File are both set; one of them is enough.");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{setting}File is '{file}', which cannot be read: {exception.Message}");
            return null;
        }
    }

    private static byte[]? Key(string setting, string text, SettingsProblems problems)
    {
        var bytes = new byte[SecretSealer.KeyBytes];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length)
            return bytes;
        problems.Add($"{setting} must be 32 random bytes in base64, such as 'openssl rand -base64 32' makes.");
        return null;
    }
}
