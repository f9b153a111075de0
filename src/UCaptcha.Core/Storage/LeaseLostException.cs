namespace UCaptcha.Core.Storage;

/// <summary>
/// This node stopped renewing its lease for too long and may not write: other nodes have its tasks. Nothing was written. Callers may try again, at
/// this node once it is registered anew; the task under way here must be let go of.
/// </summary>
public sealed class LeaseLostException() : StoreUnavailableException("This node has lost its lease; its tasks go on at another node.");
