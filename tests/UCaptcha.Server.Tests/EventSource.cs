namespace UCaptcha.Server.Tests;

// What a browser's EventSource does: it remembers the last id and says it when it comes again; events without data tell it nothing.
internal sealed class EventSource(HttpClient http, string address)
{
    public string LastEventId { get; private set; } = "";

    public List<string> Data { get; } = [];

    // Connects, takes so many events, those without data too, and is cut.
    public async Task ReadAsync(int atMost)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/event-stream");
        if (LastEventId.Length > 0)
            request.Headers.Add("Last-Event-ID", LastEventId);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (id, data) = (LastEventId, "");
        while (atMost > 0 && await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data += line[6..];
            }
            else if (line.Length == 0)
            {
                LastEventId = id;
                if (data.Length > 0)
                    Data.Add(data);
                data = "";
                atMost--;
            }
        }
    }
}
