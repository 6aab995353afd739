namespace Galley.Store.Tests.Commands.Bitmaps;

/// <summary>What the log is told of bits.</summary>
public sealed class BitEffectsTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public BitEffectsTests() => _client = _fixture.Connect();

    [Fact]
    public void Nothing_is_logged_where_nothing_changed()
    {
        _client.Run("SETBIT a 7 1");
        _fixture.TakeLog();
        foreach (string command in (string[])["SETBIT a 7 1", "SETBIT a 6 0", "BITFIELD a SET u8 0 1", "BITFIELD a INCRBY u8 0 0", "BITFIELD a GET u8 0",
            "BITFIELD a OVERFLOW FAIL INCRBY u8 0 255", "BITOP AND d none", "BITCOUNT a", "BITPOS a 1"]) _client.Run(command);
        Assert.Equal("", _fixture.TakeLog());
    }

    [Fact]
    public void A_string_that_only_grew_is_logged_too()
    {
        Assert.Equal("*1 $-1", _client.Run("BITFIELD a OVERFLOW FAIL INCRBY u2 100 9"));
        Assert.Equal("SELECT 0; BITFIELD a OVERFLOW FAIL INCRBY u2 100 9", _fixture.TakeLog());
        Assert.Equal(":13", _client.Run("STRLEN a"));
    }

    /// <summary>Such a log must load, though no client could write so today.</summary>
    [Fact]
    public void What_the_log_holds_may_be_longer_than_is_allowed_today()
    {
        _client.Run("CONFIG SET proto-max-bulk-len 1048576");
        Assert.StartsWith("-ERR bit offset", _client.Run("SETBIT a 8388608 1"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR string exceeds", _client.Run("SETRANGE b 1048576 x"), StringComparison.Ordinal);
        _fixture.Server.IsLoading = true;
        Galley.Store.Commands.Session replay = new(0, Galley.Store.Commands.SessionKind.Internal, new Galley.Resp.Protocol.OutputBuffer()) { IsAuthenticated = true };
        Assert.Equal(":0", TestClient.Run(_fixture.Engine, replay, "SETBIT a 8388608 1"));
        Assert.Equal(":1048577", TestClient.Run(_fixture.Engine, replay, "SETRANGE b 1048576 x"));
        _fixture.Server.IsLoading = false;
    }

    public void Dispose() => _fixture.Dispose();
}
