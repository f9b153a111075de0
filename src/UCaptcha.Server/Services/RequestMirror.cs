using Google.Protobuf.WellKnownTypes;

namespace UCaptcha.Server.Services;

/// <summary>Shows a request to whoever sent it, with its secrets blotted out.</summary>
internal static class RequestMirror
{
    private const string Blot = "***";
    private static readonly string[] Secrets = ["clientKey", "proxy", "proxyLogin", "proxyPassword"];

    public static Struct Of(Struct? members)
    {
        var shown = new Struct();
        foreach (var (name, value) in members?.Fields.AsEnumerable() ?? [])
            shown.Fields[name] = Secrets.Contains(name, StringComparer.OrdinalIgnoreCase) ? Value.ForString(Blot) : Of(value);
        return shown;
    }

    private static Value Of(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => Value.ForStruct(Of(value.StructValue)),
        Value.KindOneofCase.ListValue => Value.ForList([.. value.ListValue.Values.Select(Of)]),
        _ => value,
    };
}
