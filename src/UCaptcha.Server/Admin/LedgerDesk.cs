using UCaptcha.Core;
using UCaptcha.Core.Storage;
using UCaptcha.V1;
using LedgerDifference = UCaptcha.V1.LedgerDifference;
using LedgerEntry = UCaptcha.V1.LedgerEntry;
using LedgerKind = UCaptcha.V1.LedgerKind;

namespace UCaptcha.Server.Admin;

/// <summary>Shows the ledger and its proof.</summary>
internal sealed class LedgerDesk(ILedgerStore ledger)
{
    /// <exception cref="RefusedException">The page cannot be had.</exception>
    public async Task<ListLedgerResponse> ListAsync(ListLedgerRequest request, CancellationToken cancellationToken)
    {
        var size = Paging.Size(request.PageSize);
        var filter = new LedgerFilter
        {
            CustomerId = request.CustomerId == 0 ? null : request.CustomerId,
            KeyId = request.KeyId == 0 ? null : request.KeyId,
            TaskId = Ids.ReadOptional("taskId", request.TaskId),
            Kind = AdminRefusals.Known("kind", request.Kind) == LedgerKind.Unspecified ? null : (Core.Billing.LedgerKind)(request.Kind - 1),
            Since = request.Since.ToTime("since"),
            Until = request.Until.ToTime("until"),
        };
        var page = await ledger.ListLedgerAsync(filter, Paging.Number(request.PageToken, first: 0), size, cancellationToken);
        return new ListLedgerResponse { Entries = { page.Select(Render) }, NextPageToken = Paging.Next(page, size, entry => entry.Id) };
    }

    public async Task<VerifyLedgerResponse> VerifyAsync(CancellationToken cancellationToken)
    {
        var verdict = await ledger.VerifyLedgerAsync(cancellationToken);
        return new VerifyLedgerResponse
        {
            Checked = verdict.Checked,
            Differences =
            {
                verdict.Differences.Select(wrong => new LedgerDifference
                {
                    What = wrong.What,
                    Id = wrong.Id,
                    Name = wrong.Name,
                    KeptMicros = wrong.Kept.Micros,
                    ProvenMicros = wrong.Proven.Micros,
                }),
            },
        };
    }

    private static LedgerEntry Render(Core.Storage.LedgerEntry entry)
    {
        var message = new LedgerEntry
        {
            Id = entry.Id,
            At = entry.At.ToMessage(),
            CustomerId = entry.CustomerId,
            TaskId = entry.TaskId?.ToString() ?? "",
            Kind = (LedgerKind)(entry.Kind + 1),
            Account = entry.Account ?? "",
            AmountMicros = entry.Amount.Micros,
            Reference = entry.Reference ?? "",
            Note = entry.Note ?? "",
        };
        if (entry.KeyId is { } key)
            message.KeyId = key;
        return message;
    }
}
