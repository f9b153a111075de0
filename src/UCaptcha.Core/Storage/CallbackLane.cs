namespace UCaptcha.Core.Storage;

/// <summary>What shares a receiver's fate: the callbacks of one key to one receiver.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="Receiver">Host and port.</param>
public readonly record struct CallbackLane(long KeyId, string Receiver);
