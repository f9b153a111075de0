using Google.Protobuf.Reflection;
using UCaptcha.V1;

namespace UCaptcha.Server.Dialects;

/// <summary>Knows the calls that bring new tasks before they are read, by how their paths end in JSON and in gRPC, in every dialect.</summary>
internal static class SubmissionPaths
{
    private static readonly (string End, MethodDescriptor Method)[] Paths =
    [
        ("/createTask", CaptchaService.Descriptor.FindMethodByName(nameof(CaptchaService.CaptchaServiceBase.CreateTask))),
        ("/solveTask", CaptchaService.Descriptor.FindMethodByName(nameof(CaptchaService.CaptchaServiceBase.SolveTask))),
    ];

    /// <summary>The method of such a path; null for any other.</summary>
    public static MethodDescriptor? MethodAt(PathString path)
    {
        foreach (var (end, method) in Paths)
        {
            if (path.Value is { } text && text.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                return method;
        }

        return null;
    }
}
