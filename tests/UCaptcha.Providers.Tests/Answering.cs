using System.Net;
using System.Text;

namespace UCaptcha.Providers.Tests;

/// <summary>A provider that always says the same.</summary>
internal sealed class Answering(HttpStatusCode status, string body) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(status) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) });
}
