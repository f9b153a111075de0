namespace UCaptcha.Load.Judging;

/// <summary>What a measurement says of one promise.</summary>
/// <param name="Text">In a line.</param>
/// <param name="Holds">Whether it is kept.</param>
internal sealed record Finding(string Text, bool Holds)
{
    /// <summary>Prints them all. 0 when every promise is kept, else 1: the end of a command.</summary>
    public static int Print(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
            Console.WriteLine(finding.Text);
        return findings.All(finding => finding.Holds) ? 0 : 1;
    }
}
