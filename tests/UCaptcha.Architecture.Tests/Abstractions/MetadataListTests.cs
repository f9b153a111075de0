using Grpc.Core;

namespace UCaptcha.Architecture.Tests.Abstractions;

public sealed class MetadataListTests
{
    [Fact]
    public void Add_KeyInUpperCase_IsKeptInLowerCase() => Assert.Equal("x-api-key", new Metadata { { "X-Api-Key", "k" } }[0].Key);

    [Theory]
    [InlineData("a key")]
    [InlineData("a:b")]
    [InlineData("schlüssel")]
    public void Entry_KeyWithOtherCharacters_IsRefused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Fact]
    public void Entry_TextUnderABinaryKey_IsRefused() => Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "v"));

    [Fact]
    public void Entry_BytesUnderATextKey_IsRefused() => Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));

    [Fact]
    public void Entry_Text_HasItsAsciiBytes()
    {
        var entry = new Metadata.Entry("key", "ab");

        Assert.False(entry.IsBinary);
        Assert.Equal("ab", entry.Value);
        Assert.Equal([97, 98], entry.ValueBytes);
        Assert.Equal("[Entry: key=key, value=ab]", entry.ToString());
    }

    [Fact]
    public void Entry_Bytes_AreCopiedAndHaveNoText()
    {
        byte[] given = [1, 2];
        var entry = new Metadata.Entry("KEY-BIN", given);
        given[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.True(entry.IsBinary);
        Assert.Equal([1, 2], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void Get_OfAKeyThatIsThereTwice_IsTheLast()
    {
        var metadata = new Metadata { { "key", "first" }, { "other", "x" }, { "key", "last" } };

        Assert.Equal("last", metadata.GetValue("KEY"));
        Assert.Equal(["first", "last"], metadata.GetAll("Key").Select(entry => entry.Value));
        Assert.Null(metadata.Get("none"));
        Assert.Null(metadata.GetValueBytes("none"));
    }

    [Fact]
    public void Empty_Changed_Throws()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Insert(0, new Metadata.Entry("key", "value")));
        Assert.Throws<InvalidOperationException>(Metadata.Empty.Clear);
        Assert.Empty(Metadata.Empty);
    }

    [Fact]
    public void List_Changed_KeepsItsOrder()
    {
        var second = new Metadata.Entry("b", "2");
        var metadata = new Metadata { { "c", "3" } };
        metadata.Insert(0, second);
        metadata.Insert(0, new Metadata.Entry("a", "1"));
        metadata.RemoveAt(2);
        metadata[0] = new Metadata.Entry("z", "0");

        Assert.Equal(["z", "b"], metadata.Select(entry => entry.Key));
        Assert.Equal(1, metadata.IndexOf(second));
        Assert.True(metadata.Remove(second));
        Assert.DoesNotContain(second, metadata);
    }
}
