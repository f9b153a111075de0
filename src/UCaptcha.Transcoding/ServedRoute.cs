using Google.Protobuf.Reflection;

namespace UCaptcha.Transcoding;

/// <summary>One way in to a method over HTTP, by which the surface can be described.</summary>
/// <param name="Method">The method.</param>
/// <param name="HttpMethod">GET, POST or the like; * for any.</param>
/// <param name="Template">The path as the contract has it, such as /jobs/{job_id}.</param>
/// <param name="PathFields">The fields that stand in the path, as the template names them.</param>
/// <param name="HasBody">The other fields come in the body, and not in the query.</param>
public sealed record ServedRoute(MethodDescriptor Method, string HttpMethod, string Template, IReadOnlyList<string> PathFields, bool HasBody);
