using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.V1;
using AuditEntry = UCaptcha.V1.AuditEntry;

namespace UCaptcha.Server.Admin;

/// <summary>Shows what administrators changed.</summary>
internal sealed class AuditDesk(IAuditStore audit)
{
    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListAuditResponse> ListAsync(ListAuditRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var filter = new AuditFilter
        {
            Actor = Filter("actor", request.Actor),
            Action = Filter("action", request.Action),
            Subject = Filter("subject", request.Subject),
        };
        var page = await audit.ListAuditAsync(filter, Paging.Number(request.PageToken, first: long.MaxValue), size, cancellationToken);
        return new ListAuditResponse { Entries = { page.Select(Render) }, NextPageToken = Paging.Next(page, size, entry => entry.Id) };
    }

    private static string? Filter(string field, string text) =>
        text.Any(char.IsControl) ? throw AdminRefusals.Bad(field, $"{field} must not hold control characters.") : text.Length == 0 ? null : text;

    private static AuditEntry Render(Core.Storage.AuditEntry entry) => new()
    {
        Id = entry.Id,
        At = entry.At.ToMessage(),
        Actor = entry.Actor,
        Action = entry.Action,
        Subject = entry.Subject,
        Before = entry.Before ?? "",
        After = entry.After ?? "",
        Address = entry.Address ?? "",
    };
}
