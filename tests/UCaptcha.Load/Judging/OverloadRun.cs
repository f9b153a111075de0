namespace UCaptcha.Load.Judging;

/// <summary>Some seconds at a multiple of the peak rate.</summary>
/// <param name="Multiple">Of the peak rate.</param>
/// <param name="Calls">What became of the calls.</param>
/// <param name="Solved">Tasks that ended ready, a second.</param>
/// <param name="Unsolved">Tasks that failed.</param>
/// <param name="ResidentMb">Resident memory at its end.</param>
internal sealed record OverloadRun(double Multiple, H2Load Calls, double Solved, long Unsolved, double ResidentMb);
