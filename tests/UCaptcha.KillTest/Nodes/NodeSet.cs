namespace UCaptcha.KillTest.Nodes;

/// <summary>What a client knows of the servers: a list, of which it takes any that answers.</summary>
internal sealed class NodeSet(IReadOnlyList<Node> nodes) : IAsyncDisposable
{
    public IReadOnlyList<Node> All { get; } = nodes;

    /// <summary>A server that is up, waiting for one if need be.</summary>
    public async Task<Incarnation> AnyAsync(Random random, CancellationToken cancellationToken)
    {
        while (true)
        {
            var first = random.Next(All.Count);
            for (var i = 0; i < All.Count; i++)
            {
                if (All[(first + i) % All.Count].Current is { } life)
                    return life;
            }

            await Task.Delay(20, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in All)
            await node.DisposeAsync();
    }
}
