using System.Text.Json.Nodes;

namespace UCaptcha.Fuzz;

/// <summary>A path of the server with a request that it takes, to be spoilt, and the shape of every answer.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with its prefix.</param>
/// <param name="Example">A good request's members.</param>
/// <param name="Shape">What its answers look like.</param>
internal sealed record Target(string Method, string Path, JsonObject Example, Shape Shape)
{
    /// <summary>Parameters come as a form or in the query, not as JSON.</summary>
    public bool TakesForms { get; init; }

    /// <summary>It is on the admin port.</summary>
    public bool ForAdmins { get; init; }

    /// <summary>The answer may take as long as it likes.</summary>
    public bool Waits { get; init; }
}
