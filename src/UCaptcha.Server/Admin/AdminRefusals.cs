using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Refusals that several methods share.</summary>
internal static class AdminRefusals
{
    public static RefusedException Missing(string field) => new(ErrorCodes.BadParameters, $"{field} is missing.", field);

    public static RefusedException Bad(string field, string sentence) => new(ErrorCodes.BadParameters, sentence, field);

    /// <summary>A value of an enumeration that gRPC lets through whatever its number.</summary>
    /// <exception cref="RefusedException">It has no name.</exception>
    public static T Known<T>(string field, T value)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw Bad(field, $"{field} is {value:D}; known are the numbers up to {Enum.GetValues<T>()[^1]:D}.");

    public static RefusedException NotFound(string field, string what) => new(ErrorCodes.NotFound, $"There is no such {what}.", field);

    public static RefusedException Taken(string field, string sentence) => new(ErrorCodes.AlreadyExists, sentence, field);

    public static RefusedException NoMasterKey(string what) =>
        NotNow($"{what} are stored only under a master key: set UCaptcha:Secrets:MasterKey (32 bytes in base64) and start again.");

    public static RefusedException NotNow(string sentence) => new(ErrorCodes.NotPossible, sentence);
}
