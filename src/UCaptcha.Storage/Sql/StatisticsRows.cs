using System.Data;
using Dapper;
using UCaptcha.Core.Routing;

namespace UCaptcha.Storage.Sql;

/// <summary>Reads the accounts' records by way of Dapper.</summary>
internal static class StatisticsRows
{
    private sealed class Row
    {
        public string Account { get; init; } = "";
        public string Family { get; init; } = "";
        public double? CostMicros { get; init; }
        public double? SolveTimeMs { get; init; }
        public double Successes { get; init; }
        public double Failures { get; init; }
        public long Samples { get; init; }
        public long UpdatedAt { get; init; }
    }

    public static IReadOnlyList<StatisticsRow> List(IDbConnection connection) =>
        connection.Query<Row>(StatisticsSql.All)
            .Select(r => new StatisticsRow(
                r.Account, r.Family, r.CostMicros, r.SolveTimeMs, r.Successes, r.Failures, r.Samples, DbValue.ToTime(r.UpdatedAt)))
            .ToList();
}
