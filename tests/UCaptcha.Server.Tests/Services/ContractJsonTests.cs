using System.Text;
using UCaptcha.Server.Services;
using UCaptcha.Transcoding.Codec;
using UCaptcha.V1;

namespace UCaptcha.Server.Tests.Services;

/// <summary>A solution was paid for, so whatever it is, it is handed out.</summary>
public sealed class ContractJsonTests
{
    private static readonly ContractJson Json = new(new ProtoJsonCodec(new ProtoJsonOptions { OpenField = OptionsExtensions.OpenField }));

    public static TheoryData<string> Unheld =>
    [
        $$"""{"token":"t","deep":{{new string('[', 40)}}{{new string(']', 40)}}}""",
        $$"""{"token":"t","deep":{{new string('[', 100)}}{{new string(']', 100)}}}""",
        """{"token":"t","odd":1,"odd":2}""",
        """{"token":7,"odd":[{"a":1,"a":2}]}""",
        """{"token":"t","token":"u"}""",
        """{"token":"\ud800"}""",
        """["token"]""",
        "nonsense",
        "",
    ];

    [Theory]
    [MemberData(nameof(Unheld))]
    public void ReadSolution_ThatNoMessageHolds_IsItsWholeText(string json) =>
        Assert.Equal(json, Assert.Single(Json.ReadSolution(Encoding.UTF8.GetBytes(json)).Extra.Fields, member => member.Key == "solutionJson").Value.StringValue);

    [Fact]
    public void ReadSolution_OfOddTypes_KeepsEachMember()
    {
        var solution = Json.ReadSolution("""{"token":7,"big":9007199254740993,"huge":1e999,"text":"x"}"""u8.ToArray());

        Assert.Equal(["token", "big", "huge", "text"], solution.Extra.Fields.Keys);
        Assert.Equal(("9007199254740993", "1e999"), (solution.Extra.Fields["big"].StringValue, solution.Extra.Fields["huge"].StringValue));
    }
}
