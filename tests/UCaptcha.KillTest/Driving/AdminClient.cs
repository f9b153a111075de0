using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UCaptcha.KillTest.Driving;

/// <summary>Speaks JSON to the administrators' port. Every method throws <see cref="CutException"/> or <see cref="RefusalException"/>.</summary>
internal sealed class AdminClient(HttpClient http)
{
    /// <summary>Makes a customer who pays in advance; returns its id.</summary>
    public async Task<long> CreateCustomerAsync(string name, CancellationToken cancellationToken)
    {
        var answer = await PostAsync("/admin/v1/customers", new JsonObject { ["name"] = name, ["limited"] = true }, cancellationToken);
        return answer.GetProperty("customer").GetProperty("id").GetInt64();
    }

    /// <summary>Makes a key of a customer; returns its text.</summary>
    public async Task<string> CreateKeyAsync(string name, long customerId, CancellationToken cancellationToken) =>
        (await PostAsync("/admin/v1/keys", new JsonObject { ["name"] = name, ["customerId"] = customerId }, cancellationToken)).GetProperty("text").GetString()!;

    /// <summary>Pays in, or corrects when below zero. The same reference again changes nothing.</summary>
    public Task AdjustAsync(long customerId, long amountMicros, string reference, CancellationToken cancellationToken) => PostAsync(
        $"/admin/v1/customers/{customerId}:adjust",
        new JsonObject { ["kind"] = amountMicros > 0 ? "deposit" : "adjustment", ["amountMicros"] = amountMicros, ["reference"] = reference, ["note"] = "kill test" },
        cancellationToken);

    private async Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(path, body, cancellationToken);
            var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            if (response.IsSuccessStatusCode)
                return answer;
            var error = answer.GetProperty("error");
            var message = error.GetProperty("message").GetString()!;
            throw response.StatusCode == HttpStatusCode.ServiceUnavailable
                ? new CutException(message, refused: true)
                : new RefusalException(error.GetProperty("details")[0].GetProperty("reason").GetString()!, message);
        }
        catch (Exception exception) when (JsonClient.IsCut(exception, cancellationToken))
        {
            throw new CutException(exception.Message);
        }
    }
}
