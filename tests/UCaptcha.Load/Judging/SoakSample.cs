namespace UCaptcha.Load.Judging;

/// <summary>A sixtieth of a soak.</summary>
/// <param name="Calls">What became of the calls.</param>
/// <param name="ResidentMb">Resident memory at its end.</param>
/// <param name="Files">Open files at its end.</param>
internal sealed record SoakSample(OpenLoop Calls, double ResidentMb, double Files);
