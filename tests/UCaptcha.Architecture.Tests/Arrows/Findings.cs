namespace UCaptcha.Architecture.Tests.Arrows;

internal static class Findings
{
    // Fails with every finding in full, one to a line.
    public static void AssertNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }
}
