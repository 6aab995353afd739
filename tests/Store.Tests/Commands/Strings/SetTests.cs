namespace Galley.Store.Tests.Commands.Strings;

/// <summary>SET's conditions of Redis 8.4, and what it logs; the rest is compared with redis-server by Conformance.</summary>
public sealed class SetTests : IDisposable
{
    private const string DigestOfHello = "9555e8555c62dcfd";
    private readonly StringsFixture _x = new();

    [Theory]
    [InlineData("IFEQ hello", "+OK", "$3 new")]
    [InlineData("IFEQ other", "$-1", "$5 hello")]
    [InlineData("IFNE hello", "$-1", "$5 hello")]
    [InlineData("IFNE other", "+OK", "$3 new")]
    [InlineData("IFDEQ " + DigestOfHello, "+OK", "$3 new")]
    [InlineData("IFDEQ 9555E8555C62DCFD", "+OK", "$3 new")]
    [InlineData("IFDEQ 0000000000000000", "$-1", "$5 hello")]
    [InlineData("IFDNE " + DigestOfHello, "$-1", "$5 hello")]
    [InlineData("IFDNE 0000000000000000", "+OK", "$3 new")]
    [InlineData("IFEQ other GET", "$5 hello", "$5 hello")]
    [InlineData("IFEQ hello GET", "$5 hello", "$3 new")]
    public void Writes_when_the_value_compares_as_asked(string condition, string reply, string value)
    {
        _x.Run("SET k hello");
        Assert.Equal(reply, _x.Run($"SET k new {condition}"));
        Assert.Equal(value, _x.Run("GET k"));
    }

    [Theory]
    [InlineData("IFEQ x", "$-1", "$-1")]
    [InlineData("IFDEQ 0000000000000000", "$-1", "$-1")]
    [InlineData("IFNE x", "+OK", "$3 new")]
    [InlineData("IFDNE 0000000000000000", "+OK", "$3 new")]
    public void A_missing_key_equals_nothing_and_differs_from_all(string condition, string reply, string value)
    {
        Assert.Equal(reply, _x.Run($"SET k new {condition}"));
        Assert.Equal(value, _x.Run("GET k"));
    }

    [Theory]
    [InlineData("IFDEQ 123", "-ERR must be exactly 16 hexadecimal characters")]
    [InlineData("IFDNE 000000000000000g", "-ERR must be exactly 16 hexadecimal characters")]
    [InlineData("IFEQ", "-ERR syntax error")]
    [InlineData("IFEQ a NX", "-ERR syntax error")]
    [InlineData("XX IFNE a", "-ERR syntax error")]
    [InlineData("IFEQ a IFNE b", "-ERR syntax error")]
    public void Refuses_a_condition_that_makes_no_sense(string condition, string error) =>
        Assert.Equal(error, _x.Run($"SET k v {condition}"));

    [Theory]
    [InlineData("SET k v", "SET k v")]
    [InlineData("SET k v EX 100", "SET k v PXAT 1767225700000")]
    [InlineData("SET k v PX 100 NX GET", "SET k v PXAT 1767225600100")]
    [InlineData("SET k v EXAT 99999999999", "SET k v PXAT 99999999999000")]
    [InlineData("SET k v KEEPTTL", "SET k v KEEPTTL")]
    [InlineData("SET k v IFNE x", "SET k v")]
    [InlineData("SET k v XX", "")]
    [InlineData("SETNX k v", "SETNX k v")]
    [InlineData("SETEX k 100 v", "SET k v PXAT 1767225700000")]
    [InlineData("PSETEX k 100 v", "SET k v PXAT 1767225600100")]
    [InlineData("GETSET k v", "SET k v")]
    [InlineData("MSET k v l w", "MSET k v l w")]
    [InlineData("MSETEX 2 k v l w PX 100", "MULTI; SET k v PXAT 1767225600100; SET l w PXAT 1767225600100; EXEC")]
    [InlineData("INCRBYFLOAT k 1.5", "SET k 1.5 KEEPTTL")]
    [InlineData("APPEND k v", "APPEND k v")]
    public void Logs_what_an_older_redis_server_can_repeat_at_any_time(string command, string effects) =>
        Assert.Equal(effects, _x.EffectsOf(command));

    [Theory]
    [InlineData("GETEX k EX 100", "PEXPIREAT k 1767225700000")]
    [InlineData("GETEX k EXAT 1", "DEL k")]
    [InlineData("GETEX k PERSIST", "PERSIST k")]
    [InlineData("GETEX k", "")]
    [InlineData("GETDEL k", "DEL k")]
    [InlineData("DELEX k IFEQ 5", "DEL k")]
    [InlineData("DELIFEQ k 6", "")]
    [InlineData("INCREX k", "SET k 6 KEEPTTL")]
    [InlineData("INCREX k EX 10", "SET k 6 PXAT 1767225610000")]
    [InlineData("INCREX k EX 10 ENX", "SET k 6 KEEPTTL")]
    [InlineData("INCREX k PERSIST", "SET k 6")]
    [InlineData("INCREX k EXAT 1", "DEL k")]
    [InlineData("INCREX k UBOUND 5", "")]
    public void Logs_what_became_of_a_key_that_was_there(string command, string effects)
    {
        _x.Run("SET k 5 EX 1000");
        Assert.Equal(effects, _x.EffectsOf(command));
    }

    [Theory]
    [InlineData("APPEND k 0123456789012345678901234567890123456789")]
    [InlineData("SETRANGE k 300 x")]
    [InlineData("SETRANGE k 70000 x")]
    [InlineData("INCR k")]
    [InlineData("SET k 123456789012345678901234567890 KEEPTTL")]
    public void A_value_that_grows_keeps_when_it_expires(string command)
    {
        _x.Run("SET k 5 PX 1000");
        _x.Run(command);
        _x.Time.Advance(999);
        Assert.NotEqual("$-1", _x.Run("GET k"));
        _x.Time.Advance(1);
        Assert.Equal("$-1", _x.Run("GET k"));
    }

    public void Dispose() => _x.Dispose();
}
