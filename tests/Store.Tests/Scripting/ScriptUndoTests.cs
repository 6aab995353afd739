using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Scripting;

/// <summary>What a script that is stopped because the server ends leaves in the log, and in memory.</summary>
public sealed class ScriptUndoTests : IDisposable
{
    private const string Endless = " while true do end";

    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;

    public ScriptUndoTests() => _client = _fixture.Connect();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Of_a_transaction_the_log_has_all_but_the_script()
    {
        _fixture.Engine.Interrupt();
        _client.Run("MULTI");
        _client.Run("SET a 1");
        _client.Run("EVAL", "redis.call('set', 'k', '1')" + Endless, "0");
        _client.Run("SET b 2");
        Assert.Contains("Script killed because the server ends", _client.Run("EXEC"), StringComparison.Ordinal);
        Assert.Equal("SELECT 0; MULTI; SET a 1; SET b 2; EXEC", LogWithoutRepeatedSelects());
        Assert.True(_fixture.Server.Scripting.HasLeftHalf);
    }

    [Fact]
    public void A_place_in_the_log_that_an_earlier_script_has_noted_is_nothing_to_it()
    {
        _client.Run("CONFIG SET on-timeout rollback");
        _client.Run("MULTI");
        _client.Run("SET", "long", new string('x', 1000));
        _client.Run("EVAL", "return redis.call('set', 'k', '1')", "0");
        _client.Run("EXEC");
        _client.Run("CONFIG SET on-timeout kill");
        _fixture.TakeLog();
        long end = _fixture.Server.Effects.EndOffset;
        _fixture.Engine.Interrupt();
        _client.Run("EVAL", "redis.call('set', 'k', '2')" + Endless, "0");
        Assert.Equal("", _fixture.TakeLog());
        Assert.Equal(end, _fixture.Server.Effects.EndOffset);
    }

    [Fact]
    public void A_key_that_has_expired_under_a_script_that_is_undone_expires_again()
    {
        _client.Run("CONFIG SET on-timeout rollback");
        _client.Run("RPUSH k old");
        _client.Run("PEXPIRE k 100");
        _fixture.Time.Advance(200);
        _fixture.TakeLog();
        _fixture.Engine.Interrupt();
        _client.Run("EVAL", "redis.call('llen', 'k') redis.call('rpush', 'k', 'new') redis.call('set', 'o', '1')" + Endless, "0");
        Assert.Equal("", _fixture.TakeLog());
        Assert.False(_fixture.Server.Scripting.HasLeftHalf);
        Assert.Equal(":1", _client.Run("RPUSH k a"));
        Assert.Equal("SELECT 0; MULTI; DEL k; RPUSH k a; EXEC", LogWithoutRepeatedSelects());
        Assert.Equal("*2 $-1 $-1", _client.Run("MGET o k"));
    }

    [Fact]
    public void So_do_the_fields_of_a_hash()
    {
        _client.Run("CONFIG SET on-timeout rollback");
        _client.Run("HSET h old 1 stays 2");
        _client.Run("HPEXPIRE h 100 FIELDS 1 old");
        _fixture.Time.Advance(200);
        _fixture.TakeLog();
        _fixture.Engine.Interrupt();
        _client.Run("EVAL", "redis.call('hget', 'h', 'stays') redis.call('set', 'o', '1')" + Endless, "0");
        Assert.Equal("", _fixture.TakeLog());
        Assert.Equal("*2 $-1 $1 2", _client.Run("HMGET h old stays"));
        Assert.Equal("SELECT 0; HDEL h old", LogWithoutRepeatedSelects());
    }

    /// <summary>After what was rolled back the database is named again, inside a unit as well.</summary>
    private string LogWithoutRepeatedSelects() =>
        "SELECT 0; " + _fixture.TakeLog().Replace("SELECT 0; ", "", StringComparison.Ordinal);
}
