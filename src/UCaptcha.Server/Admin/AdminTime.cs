using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Server.Admin;

/// <summary>Moments between the domain and the contract.</summary>
internal static class AdminTime
{
    public static Timestamp ToMessage(this DateTimeOffset time) => Timestamp.FromDateTimeOffset(time);

    public static Timestamp? ToMessage(this DateTimeOffset? time) => time is { } known ? known.ToMessage() : null;

    public static DateTimeOffset? ToTime(this Timestamp? message) => message?.ToDateTimeOffset();
}
