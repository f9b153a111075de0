namespace UCaptcha.Core.Storage;

/// <summary>A webhook secret of a key that was made at run time. The store has it sealed and cannot read it.</summary>
/// <param name="SecretKey">The id of the master key that opens it.</param>
/// <param name="Secret">What is sealed.</param>
/// <param name="Until">When it stops to sign, because another took its place; null for the one in force.</param>
public sealed record StoredWebhookSecret(string SecretKey, ReadOnlyMemory<byte> Secret, DateTimeOffset? Until);
