namespace UCaptcha.Server.OpenApi;

/// <summary>A request and what it is answered with, as the description shows them. Tests send each to a real server.</summary>
/// <param name="Method">The method of the contract.</param>
/// <param name="Name">Names it among those of the method.</param>
/// <param name="Summary">What it shows.</param>
/// <param name="Request">The request as JSON.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Answer">The answer as JSON; of a stream, one message.</param>
internal sealed record DocumentedExample(string Method, string Name, string Summary, string Request, int Status, string Answer);
