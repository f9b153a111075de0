namespace UCaptcha.Architecture.Tests.Arrows;

// The rules themselves: that they let pass what is right, and above all that they do not let pass what is wrong.
public sealed class HouseTests
{
    [Theory]
    [InlineData("UCaptcha.Core", "UCaptcha.Contracts")]
    [InlineData("UCaptcha.Core", "Grpc.Core.Api")]
    [InlineData("UCaptcha.Providers", "UCaptcha.Storage")]
    [InlineData("UCaptcha.Storage", "UCaptcha.Contracts")]
    [InlineData("UCaptcha.Transcoding", "UCaptcha.Contracts")]
    [InlineData("UCaptcha.Transcoding", "UCaptcha.Core")]
    [InlineData("UCaptcha.Contracts", "UCaptcha.Core")]
    [InlineData("UCaptcha.Client", "UCaptcha.Core")]
    [InlineData("UCaptcha.Cli", "UCaptcha.Server")]
    public void WrongProjects_ForAForbiddenArrow_NameIt(string project, string reference) =>
        Assert.Equal([$"{project} must not know {reference}."], House.WrongProjects(project, [reference]));

    [Theory]
    [InlineData("UCaptcha.Providers", "UCaptcha.Core")]
    [InlineData("UCaptcha.Storage", "UCaptcha.Core")]
    [InlineData("UCaptcha.Server", "UCaptcha.Storage")]
    [InlineData("UCaptcha.Cli", "UCaptcha.Client")]
    [InlineData("UCaptcha.Transcoding", "Grpc.Core.Api")]
    public void WrongProjects_ForAnAllowedArrow_AreNone(string project, string reference) =>
        Assert.Empty(House.WrongProjects(project, [reference]));

    [Fact]
    public void WrongProjects_OfAnUnknownProject_AskForARow() =>
        Assert.Equal(["UCaptcha.Cellar is unknown: add it to the table in House.cs."], House.WrongProjects("UCaptcha.Cellar", []));

    [Theory]
    [InlineData("UCaptcha.Core", "Microsoft.AspNetCore.Http.Abstractions")]
    [InlineData("UCaptcha.Core", "System.Data.Common")]
    [InlineData("UCaptcha.Core", "Google.Protobuf")]
    [InlineData("UCaptcha.Core", "System.Net.Http")]
    [InlineData("UCaptcha.Core", "System.Net.Http.Headers")]
    [InlineData("UCaptcha.Storage", "Grpc.Core")]
    [InlineData("UCaptcha.Transcoding", "Npgsql")]
    public void WrongUses_OfAForbiddenName_NameIt(string project, string name) =>
        Assert.Equal([$"{project} must not use {name}."], House.WrongUses(project, [name, name]));

    [Theory]
    [InlineData("UCaptcha.Core", "System.Net")]
    [InlineData("UCaptcha.Core", "System.Net.Primitives")]
    [InlineData("UCaptcha.Core", "GoogleTasks")]
    [InlineData("UCaptcha.Storage", "Npgsql")]
    [InlineData("UCaptcha.Server", "Microsoft.AspNetCore.Builder")]
    public void WrongUses_OfAnythingElse_AreNone(string project, string name) => Assert.Empty(House.WrongUses(project, [name]));

    [Fact]
    public void Rooms_ThatMayBeKnown_HaveARowThemselves() =>
        Assert.All(House.Rooms.Values.SelectMany(room => room.MayKnow), name => Assert.Contains(name, House.Rooms.Keys));
}
