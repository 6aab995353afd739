using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Commands.Streams;

/// <summary>A producer has one name for an entry, and one entry for a name, whoever says so.</summary>
public sealed class IdempotencyTests : IDisposable
{
    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public IdempotencyTests() => _client = _fixture.Connect();

    [Fact]
    public void A_producer_gives_an_entry_no_second_name()
    {
        string id = Id(_client.Run("XADD s * f v"));
        Assert.Equal("+OK", _client.Run($"XIDMPRECORD s p a {id}"));
        Assert.Equal("-ERR the producer has given another IID to this entry", _client.Run($"XIDMPRECORD s p b {id}"));
        Assert.Equal("+OK", _client.Run($"XIDMPRECORD s p a {id}"));
        Assert.Equal("+OK", _client.Run($"XIDMPRECORD s q b {id}"));
        Assert.Contains("iids-tracked :2 ", _client.Run("XINFO STREAM s"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_past_stands_in_the_way_of_no_other()
    {
        string id = Id(_client.Run("XADD s * f v"));
        _client.Run("XCFGSET s IDMP-DURATION 1");
        Assert.Equal("+OK", _client.Run($"XIDMPRECORD s p a {id}"));
        _fixture.Pass(1500);
        foreach (string name in (string[])["b", "a", "b"]) Assert.Equal("+OK", _client.Run($"XIDMPRECORD s p {name} {id}"));
        Assert.Contains("pids-tracked :0 $12 iids-tracked :0 ", _client.Run("XINFO STREAM s"), StringComparison.Ordinal);
        _fixture.Server.Databases.Arena.Verify();
    }

    [Fact]
    public void An_identifier_that_is_given_again_is_no_longer_called_as_before()
    {
        string first = _client.Run("XADD s IDMP p a * f v");
        _client.Run("XTRIM s MAXLEN 0");
        Assert.Equal("+OK", _client.Run("XSETID s 0-1"));
        Assert.Equal(first, _client.Run("XADD s IDMP p b * f v"));
        Assert.NotEqual(first, _client.Run("XADD s IDMP p a * f v"));
        Assert.Equal(first, _client.Run("XADD s IDMP p b * f v"));
        AssertPastIsForgotten();
    }

    [Fact]
    public void Of_two_names_that_a_log_says_of_an_entry_the_later_is_known()
    {
        string id = $"{_fixture.Time.NowMs}-0";
        _fixture.Server.IsLoading = true;
        using (var replay = new LogReplay(_fixture.Engine))
            foreach (string command in (string[])[$"XADD s {id} f v", $"XIDMPRECORD s p a {id}", $"XIDMPRECORD s p b {id}"])
                replay.Apply(Arguments.Of([.. command.Split(' ').Select(Encoding.Latin1.GetBytes)]));
        _fixture.Server.IsLoading = false;
        Assert.Equal(id, Id(_client.Run("XADD s IDMP p b * f v")));
        Assert.NotEqual(id, Id(_client.Run("XADD s IDMP p a * f v")));
        AssertPastIsForgotten();
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>There are two names, which go when their time comes.</summary>
    private void AssertPastIsForgotten()
    {
        Assert.Contains("iids-tracked :2 ", _client.Run("XINFO STREAM s"), StringComparison.Ordinal);
        _fixture.Pass(200_000);
        _client.Run("XADD s IDMP p c * f v");
        Assert.Contains("iids-tracked :1 ", _client.Run("XINFO STREAM s"), StringComparison.Ordinal);
        _fixture.Server.Databases.Arena.Verify();
    }

    private static string Id(string reply) => reply.Split(' ')[1];
}
