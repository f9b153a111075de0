namespace UCaptcha.KillTest.Nodes;

/// <summary>Other nodes took what a node had left, by the database's clock.</summary>
/// <param name="Node">Whose tasks they were.</param>
/// <param name="At">When the last was taken.</param>
/// <param name="Tasks">How many were.</param>
internal sealed record Takeover(long Node, DateTime At, long Tasks);
