namespace Galley.Store.Tests.Commands.HyperLogLogs;

/// <summary>What the log is told of HyperLogLogs, and what becomes of one that is no good.</summary>
public sealed class HyperLogLogEffectsTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public HyperLogLogEffectsTests() => _client = _fixture.Connect();

    /// <summary>The count that PFCOUNT keeps in the value is there for replicas, too.</summary>
    [Fact]
    public void A_count_is_logged_when_it_was_computed()
    {
        _client.Run("PFADD h a b c");
        Assert.Equal("SELECT 0; PFADD h a b c", _fixture.TakeLog());
        Assert.Equal(":3", _client.Run("PFCOUNT h"));
        Assert.Equal("PFCOUNT h", _fixture.TakeLog());
        foreach (string command in (string[])["PFCOUNT h", "PFADD h a", "PFADD h", "PFCOUNT h none", "PFDEBUG ENCODING h", "PFDEBUG DECODE h"]) _client.Run(command);
        Assert.Equal("", _fixture.TakeLog());
        _client.Run("PFDEBUG TODENSE h");
        Assert.Equal("PFDEBUG TODENSE h", _fixture.TakeLog());
    }

    /// <summary>A value far longer than any that could be right is refused before it is looked through or copied.</summary>
    [Fact]
    public void A_sparse_one_of_any_length_is_refused()
    {
        byte[] value = new byte[3_000_000];
        "HYLL\x01"u8.CopyTo(value);
        value[15] = 0x80;
        _fixture.Database.Open("h"u8).PutString(value, expiresAtMs: -1);
        const string corrupt = "-INVALIDOBJ Corrupted HLL object detected";
        foreach (string command in (string[])["PFADD h a", "PFCOUNT h", "PFCOUNT h h", "PFMERGE h", "PFMERGE d h", "PFDEBUG DECODE h", "PFDEBUG TODENSE h", "PFDEBUG GETREG h"])
            Assert.Equal(corrupt, _client.Run(command));
        Assert.Equal("$3000000", _client.Run("GET h").Split(' ')[0]);
        Assert.Equal(":0", _client.Run("EXISTS d"));
    }

    /// <summary>Of several elements none is added if the runs end before one of them.</summary>
    [Fact]
    public void A_corrupt_one_is_left_as_it_is()
    {
        byte[] value = [.. "HYLL\x01"u8, .. new byte[10], 0x80, 0x70, 0x00];
        _fixture.Database.Open("h"u8).PutString(value, expiresAtMs: -1);
        Assert.Equal("-INVALIDOBJ Corrupted HLL object detected", _client.Run("PFADD h a b c d e f g h i j"));
        Assert.Equal(value, _fixture.Database.Open("h"u8).String.ToArray());
    }

    public void Dispose() => _fixture.Dispose();
}
