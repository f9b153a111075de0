using Google.Protobuf.WellKnownTypes;
using UCaptcha.Core;

namespace UCaptcha.Server.Admin;

/// <summary>Moments between the domain and the contract.</summary>
internal static class AdminTime
{
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;
    private const int NanosPerSecond = 1_000_000_000;

    public static Timestamp ToMessage(this DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);

    public static Timestamp? ToMessage(this DateTimeOffset? time) => time is { } known ? known.ToMessage() : null;

    /// <exception cref="RefusedException">It is no moment between the years 1 and 9999.</exception>
    public static DateTimeOffset? ToTime(this Timestamp? message, string field) => message switch
    {
        null => null,
        { Seconds: >= FirstSecond and <= LastSecond, Nanos: >= 0 and < NanosPerSecond } => message.ToDateTimeOffset(),
        _ => throw AdminRefusals.Bad(field, $"{field} must be a moment between the years 1 and 9999."),
    };
}
