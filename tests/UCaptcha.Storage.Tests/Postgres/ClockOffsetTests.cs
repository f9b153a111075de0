using UCaptcha.Storage.Postgres;

namespace UCaptcha.Storage.Tests.Postgres;

public sealed class ClockOffsetTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0, 4, 9, 0)]
    [InlineData(10, 0, 10, 10)]
    [InlineData(10, 0, 19, 10)]
    [InlineData(0, 10, 0, -10)]
    [InlineData(0, 19, 9, -10)]
    public void Of_ReadInARoundTrip_IsWhatTheRoundTripCannotExplain(int before, int told, int after, int offset) => Assert.Equal(
        TimeSpan.FromSeconds(offset), ClockOffset.Of(Start.AddSeconds(before), Start.AddSeconds(told), Start.AddSeconds(after)));
}
