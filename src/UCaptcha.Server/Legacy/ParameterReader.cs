using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using UCaptcha.Core;
using UCaptcha.Server.Network;
using UCaptcha.Transcoding;

namespace UCaptcha.Server.Legacy;

/// <summary>Reads the body and the query of a call to an older API: urlencoded and multipart forms, or JSON. The body wins.</summary>
/// <param name="maxBodyBytes">The largest body.</param>
/// <param name="room">What all bodies may take together.</param>
/// <param name="clock">The time.</param>
internal sealed class ParameterReader(int maxBodyBytes, BodyRoom room, TimeProvider clock)
{
    private const int MaxFields = 256;
    private const int MaxNameLength = 256;
    private const int MaxDepth = 30;

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    // Files stay in memory: an image of a client's never lies about in a temporary folder.
    private readonly FormOptions _form = new()
    {
        ValueCountLimit = MaxFields,
        KeyLengthLimit = MaxNameLength,
        ValueLengthLimit = maxBodyBytes,
        MemoryBufferThreshold = maxBodyBytes,
        MultipartBodyLengthLimit = maxBodyBytes,
    };

    /// <exception cref="RefusedException">The body cannot be read, or is too large.</exception>
    public async Task<Parameters> ReadAsync(HttpContext http)
    {
        var parameters = new Parameters();
        if (http.Request.ContentLength > maxBodyBytes)
            throw TooLarge();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = maxBodyBytes;
        // The readers of forms and JSON neither tell how much has come nor end with a body that does not.
        using var arrival = new BodyArrival(http.Request.BodyReader, room, clock);
        try
        {
            if (await arrival.WaitAsync(static _ => long.MaxValue) is var standing and not BodyStanding.Arrived)
                throw BodyRefusal.Make(standing);
            if (http.Request.HasFormContentType)
                await AddFormAsync(parameters, http);
            else
                await AddJsonAsync(parameters, http);
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge() : Unreadable("The body did not arrive whole.");
        }
        catch (Exception exception) when (exception is InvalidDataException or NotSupportedException or IOException && !http.RequestAborted.IsCancellationRequested)
        {
            throw Unreadable("The body is no form that can be read.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Text with half a surrogate pair is found only when it is read.
            throw Unreadable("The body is neither a form nor a JSON object.");
        }

        AddQuery(parameters, http.Request.Query);
        return parameters;
    }

    /// <summary>The query alone, for callers whose body cannot be read.</summary>
    public static Parameters ReadQuery(HttpContext http)
    {
        var parameters = new Parameters();
        AddQuery(parameters, http.Request.Query);
        return parameters;
    }

    /// <summary>Reads a JSON object that stands in a parameter.</summary>
    /// <exception cref="RefusedException">It is none.</exception>
    public static Parameters ReadObject(string name, JsonElement value)
    {
        var parameters = new Parameters();
        try
        {
            var members = value.ValueKind == JsonValueKind.String ? JsonElement.Parse(value.GetString()!, JsonOptions) : value;
            if (members.ValueKind != JsonValueKind.Object)
                throw new JsonException();
            parameters.AddMembers(members);
            return parameters;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RefusedException(ErrorCodes.BadParameters, $"{name} must be a JSON object.", name);
        }
    }

    private async Task AddFormAsync(Parameters parameters, HttpContext http)
    {
        var form = await new FormFeature(http.Request, _form).ReadFormAsync(http.RequestAborted);
        foreach (var (name, values) in form)
            parameters.Add(name, values[0] ?? "");
        foreach (var file in form.Files)
            parameters.Add(file.Name, await ReadFileAsync(file, http.RequestAborted));
    }

    private static async Task<string> ReadFileAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream((int)file.Length);
        await file.CopyToAsync(copy, cancellationToken);
        var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        // A file that is base64 already says so.
        return bytes.StartsWith("base64:"u8) ? System.Text.Encoding.ASCII.GetString(bytes) : Convert.ToBase64String(bytes);
    }

    private static async Task AddJsonAsync(Parameters parameters, HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        if (bytes.Trim(" \t\r\n"u8).IsEmpty)
            return;
        var members = JsonElement.Parse(bytes, JsonOptions);
        if (members.ValueKind != JsonValueKind.Object)
            throw new JsonException();
        parameters.AddMembers(members);
    }

    private static void AddQuery(Parameters parameters, IQueryCollection query)
    {
        foreach (var (name, values) in query)
            parameters.Add(name, values[0] ?? "");
    }

    private RefusedException TooLarge() => new(LegacyCodes.BodyTooLarge, $"The body must not be larger than {maxBodyBytes} bytes.");

    private static RefusedException Unreadable(string description) => new(ErrorCodes.BadParameters, description);
}
