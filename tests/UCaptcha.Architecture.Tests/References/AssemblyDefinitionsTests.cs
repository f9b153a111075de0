namespace UCaptcha.Architecture.Tests.References;

// The resolver itself: what it finds, and above all what it does not.
public sealed class AssemblyDefinitionsTests
{
    private const string Core = "Grpc.Core.Api";

    private static readonly AssemblyDefinitions Definitions = AssemblyDefinitions.Beside(Core);

    [Theory]
    [InlineData("Grpc.Core.Metadata", true)]
    [InlineData("Grpc.Core.Metadata/Entry", true)]
    [InlineData("Grpc.Core.Method`2", true)]
    [InlineData("Grpc.Core.Method`3", false)]
    [InlineData("Grpc.Core.Interceptors.InterceptingCallInvoker", false)]
    [InlineData("Grpc.Core.Nothing", false)]
    public void Has_Type_FindsWhatIsVisible(string type, bool found) => Assert.Equal(found, Definitions.Has(new TypeUse(Core, type)));

    [Fact]
    public void Has_TypeOfAnotherAssembly_IsFalse() => Assert.False(Definitions.Has(new TypeUse("Grpc.Net.Common", "Grpc.Core.Metadata")));

    [Theory]
    [InlineData("Grpc.Core.Metadata", "GetValue", "System.String `0(System.String)", true)]
    [InlineData("Grpc.Core.Metadata", "GetValue", "System.String `0(System.Int32)", false)]
    [InlineData("Grpc.Core.Metadata", "GetValue", "System.Object `0(System.String)", false)]
    [InlineData("Grpc.Core.Metadata", "GetValue", "static System.String `0(System.String)", false)]
    [InlineData("Grpc.Core.Metadata", "GetValue", "System.String `1(System.String)", false)]
    [InlineData("Grpc.Core.Metadata", "GetNothing", "System.String `0(System.String)", false)]
    [InlineData("Grpc.Core.Nothing", "GetValue", "System.String `0(System.String)", false)]
    [InlineData("Grpc.Core.Metadata", "Empty", "Grpc.Core.Metadata", true)]
    [InlineData("Grpc.Core.Metadata", "Empty", "System.String", false)]
    [InlineData("Grpc.Core.Metadata", "Freeze", "Grpc.Core.Metadata `0()", false)]
    [InlineData("Grpc.Core.ServerCallContext", "get_CancellationTokenCore", "System.Threading.CancellationToken `0()", true)]
    [InlineData("Grpc.Core.SslCredentials", "get_Insecure", "static Grpc.Core.ChannelCredentials `0()", true)]
    public void Has_Member_ComparesTheWholeSignature(string type, string name, string signature, bool found) =>
        Assert.Equal(found, Definitions.Has(new MemberUse(Core, type, name, signature)));

    [Fact]
    public void Has_AgainstTheWrongAssembly_MissesEveryMember()
    {
        var common = AssemblyDefinitions.Beside("Grpc.Net.Common");
        var uses = AssemblyUses.Beside("Grpc.AspNetCore.Server").Members.Where(use => use.Assembly == Core).ToList();

        Assert.NotEmpty(uses);
        Assert.DoesNotContain(uses, common.Has);
    }
}
