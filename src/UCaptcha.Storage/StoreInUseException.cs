namespace UCaptcha.Storage;

/// <summary>Another process, or another store of this one, owns the data directory. The message is a sentence for the operator.</summary>
public sealed class StoreInUseException(string message, Exception? innerException = null) : Exception(message, innerException);
