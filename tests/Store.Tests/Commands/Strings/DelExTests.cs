namespace Galley.Store.Tests.Commands.Strings;

public sealed class DelExTests : IDisposable
{
    private readonly StringsFixture _x = new();

    [Theory]
    [InlineData("DELEX k", ":1")]
    [InlineData("DELEX k IFEQ v", ":1")]
    [InlineData("DELEX k IFEQ w", ":0")]
    [InlineData("DELEX k IFNE v", ":0")]
    [InlineData("DELEX k ifne w", ":1")]
    [InlineData("DELEX k IFDEQ 0000000000000000", ":0")]
    [InlineData("DELEX k IFDNE 0000000000000000", ":1")]
    [InlineData("DELIFEQ k v", ":1")]
    [InlineData("DELIFEQ k w", ":0")]
    public void Deletes_only_when_the_value_compares_as_asked(string command, string reply)
    {
        _x.Run("SET k v");
        Assert.Equal(reply, _x.Run(command));
        Assert.Equal(reply == ":1" ? "$-1" : "$1 v", _x.Run("GET k"));
    }

    [Theory]
    [InlineData("DELEX k")]
    [InlineData("DELEX k IFEQ v")]
    [InlineData("DELEX k IFNE v")]
    [InlineData("DELIFEQ k v")]
    public void A_missing_key_is_not_deleted(string command) => Assert.Equal(":0", _x.Run(command));

    [Theory]
    [InlineData("DELEX k IFEQ", "-ERR wrong number of arguments for 'delex' command")]
    [InlineData("DELEX k IFEQ v w", "-ERR wrong number of arguments for 'delex' command")]
    [InlineData("DELEX k LIKE v", "-ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE")]
    [InlineData("DELEX k IFDEQ v", "-ERR must be exactly 16 hexadecimal characters")]
    public void Says_what_is_wrong_with_a_condition(string command, string error) => Assert.Equal(error, _x.Run(command));

    [Fact]
    public void DIGEST_is_XXH3_in_16_digits()
    {
        _x.Run("SET greeting hello");
        Assert.Equal("$16 9555e8555c62dcfd", _x.Run("DIGEST greeting"));
        // Redis's own example of a digest with leading zeros.
        _x.Run("SET zeros v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd");
        Assert.Equal("$16 00006c38adf31777", _x.Run("DIGEST zeros"));
        Assert.Equal("$-1", _x.Run("DIGEST missing"));
    }

    public void Dispose() => _x.Dispose();
}
