using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using UCaptcha.V1;

namespace UCaptcha.Load;

/// <summary>The request that is measured: the documented example.</summary>
internal static class Bodies
{
    public static byte[] Json(string key) => Encoding.UTF8.GetBytes(
        $$$"""{"clientKey":"{{{key}}}","task":{"type":"RecaptchaV2TaskProxyless","websiteURL":"https://example.com","websiteKey":"6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-"}}""");

    /// <summary>One gRPC frame: a byte that says uncompressed, the length, the message.</summary>
    public static byte[] Grpc(string key)
    {
        var message = new CreateTaskRequest
        {
            ClientKey = key,
            Task = new CaptchaTask
            {
                Type = "RecaptchaV2TaskProxyless",
                WebsiteUrl = "https://example.com",
                WebsiteKey = "6Le-wvkSAAAAAPBMRTvw0Q4Muexq9bi0DJwx_mJ-",
            },
        }.ToByteArray();
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
