namespace UCaptcha.Core.Routing;

/// <summary>Where an account's breaker stands at one node, for the others.</summary>
/// <param name="Account">The account's slug.</param>
/// <param name="Revision">Rises whenever that node opens or closes it; 0 when it never did.</param>
/// <param name="Open">Whether tasks are kept away.</param>
/// <param name="Left">For how much longer; zero when a probe may go in.</param>
/// <param name="Openings">How often it opened since the last success.</param>
/// <param name="Reason">The code of the error that opened it, or empty.</param>
public sealed record BreakerNews(string Account, int Revision, bool Open, TimeSpan Left, int Openings, string Reason);
