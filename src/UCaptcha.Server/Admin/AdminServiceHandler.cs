using Grpc.Core;
using UCaptcha.Core.Storage;
using UCaptcha.Server.Network;
using UCaptcha.V1;

namespace UCaptcha.Server.Admin;

/// <summary>The methods of AdminService; each asks a desk.</summary>
internal sealed class AdminServiceHandler(
    StatusDesk status,
    CustomerDesk customers,
    KeyDesk keys,
    WebhookSecretDesk webhookSecrets,
    AccountDesk accounts,
    TaskDesk tasks,
    LedgerDesk ledger,
    CallbackDesk callbacks,
    AuditDesk audit,
    TimeProvider clock)
    : AdminService.AdminServiceBase
{
    /// <summary>Who changes something: there is one admin key.</summary>
    private const string Actor = "admin";

    /// <inheritdoc/>
    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) => status.GetAsync(context.CancellationToken);

    /// <inheritdoc/>
    public override Task<CreateBackupResponse> CreateBackup(CreateBackupRequest request, ServerCallContext context) =>
        status.BackUpAsync(Admin(context), context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<CreateCustomerResponse> CreateCustomer(CreateCustomerRequest request, ServerCallContext context) =>
        new() { Customer = await customers.CreateAsync(request, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<GetCustomerResponse> GetCustomer(GetCustomerRequest request, ServerCallContext context) =>
        new() { Customer = await customers.GetAsync(request.CustomerId, context.CancellationToken) };

    /// <inheritdoc/>
    public override Task<ListCustomersResponse> ListCustomers(ListCustomersRequest request, ServerCallContext context) =>
        customers.ListAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<UpdateCustomerResponse> UpdateCustomer(UpdateCustomerRequest request, ServerCallContext context) =>
        new() { Customer = await customers.RenameAsync(request, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override Task<AdjustBalanceResponse> AdjustBalance(AdjustBalanceRequest request, ServerCallContext context) =>
        customers.AdjustAsync(request, Admin(context), context.CancellationToken);

    /// <inheritdoc/>
    public override Task<CreateKeyResponse> CreateKey(CreateKeyRequest request, ServerCallContext context) =>
        keys.CreateAsync(request, Admin(context), context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<GetKeyResponse> GetKey(GetKeyRequest request, ServerCallContext context) =>
        new() { Key = await keys.GetAsync(request.KeyId, context.CancellationToken) };

    /// <inheritdoc/>
    public override Task<ListKeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context) =>
        keys.ListAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<UpdateKeyResponse> UpdateKey(UpdateKeyRequest request, ServerCallContext context) =>
        new() { Key = await keys.UpdateAsync(request, MaskWords.Of(context), Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override Task<RotateKeyResponse> RotateKey(RotateKeyRequest request, ServerCallContext context) =>
        keys.RotateAsync(request, Admin(context), context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<SetWebhookSecretResponse> SetWebhookSecret(SetWebhookSecretRequest request, ServerCallContext context) =>
        new() { Key = await webhookSecrets.SetAsync(request, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<RevokeKeyResponse> RevokeKey(RevokeKeyRequest request, ServerCallContext context) =>
        new() { Key = await keys.RevokeAsync(request.KeyId, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<ListAccountsResponse> ListAccounts(ListAccountsRequest request, ServerCallContext context) =>
        new() { Accounts = { await accounts.ListAsync(context.CancellationToken) } };

    /// <inheritdoc/>
    public override async Task<GetAccountResponse> GetAccount(GetAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.GetAsync(request.Slug, context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<CreateAccountResponse> CreateAccount(CreateAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.CreateAsync(request, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<UpdateAccountResponse> UpdateAccount(UpdateAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.UpdateAsync(request, MaskWords.Of(context), Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<EnableAccountResponse> EnableAccount(EnableAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.RestAsync(request.Slug, rest: false, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<DisableAccountResponse> DisableAccount(DisableAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.RestAsync(request.Slug, rest: true, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<ResetAccountResponse> ResetAccount(ResetAccountRequest request, ServerCallContext context) =>
        new() { Account = await accounts.ResetAsync(request.Slug, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override async Task<DeleteAccountResponse> DeleteAccount(DeleteAccountRequest request, ServerCallContext context)
    {
        await accounts.DeleteAsync(request.Slug, Admin(context), context.CancellationToken);
        return new DeleteAccountResponse();
    }

    /// <inheritdoc/>
    public override Task<GetTaskResponse> GetTask(GetTaskRequest request, ServerCallContext context) => tasks.GetAsync(request.TaskId, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListTasksResponse> ListTasks(ListTasksRequest request, ServerCallContext context) => tasks.ListAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListLedgerResponse> ListLedger(ListLedgerRequest request, ServerCallContext context) =>
        ledger.ListAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<VerifyLedgerResponse> VerifyLedger(VerifyLedgerRequest request, ServerCallContext context) =>
        ledger.VerifyAsync(context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListCallbacksResponse> ListCallbacks(ListCallbacksRequest request, ServerCallContext context) =>
        callbacks.ListAsync(request, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<GetCallbackResponse> GetCallback(GetCallbackRequest request, ServerCallContext context) =>
        callbacks.GetAsync(request.CallbackId, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<ReplayCallbackResponse> ReplayCallback(ReplayCallbackRequest request, ServerCallContext context) =>
        new() { Callback = await callbacks.ReplayAsync(request.CallbackId, Admin(context), context.CancellationToken) };

    /// <inheritdoc/>
    public override Task<ListAuditResponse> ListAudit(ListAuditRequest request, ServerCallContext context) =>
        audit.ListAsync(request, context.CancellationToken);

    private ChangedBy Admin(ServerCallContext context) => new(Actor, clock.GetUtcNow()) { Address = CallerAddress.Of(context) };
}
