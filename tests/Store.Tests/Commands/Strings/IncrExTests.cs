using Galley.Resp.Protocol;

namespace Galley.Store.Tests.Commands.Strings;

public sealed class IncrExTests : IDisposable
{
    private readonly StringsFixture _x = new();

    [Theory]
    [InlineData("", "*2 :11 :1", "$2 11")]
    [InlineData("BYINT -4", "*2 :6 :-4", "$1 6")]
    [InlineData("UBOUND 10", "*2 :10 :0", "$2 10")]
    [InlineData("UBOUND 10 SATURATE", "*2 :10 :0", "$2 10")]
    [InlineData("BYINT 5 UBOUND 12", "*2 :10 :0", "$2 10")]
    [InlineData("BYINT 5 UBOUND 12 SATURATE", "*2 :12 :2", "$2 12")]
    [InlineData("BYINT -50 LBOUND 0 SATURATE", "*2 :0 :-10", "$1 0")]
    [InlineData("BYINT 9223372036854775807", "*2 :10 :0", "$2 10")]
    [InlineData("BYINT 9223372036854775807 SATURATE", "*2 :9223372036854775807 :9223372036854775797", "$19 9223372036854775807")]
    [InlineData("BYFLOAT 0.5", "*2 $4 10.5 $3 0.5", "$4 10.5")]
    [InlineData("BYFLOAT 0.5 UBOUND 10.25", "*2 $2 10 $1 0", "$2 10")]
    [InlineData("BYFLOAT 0.5 UBOUND 10.25 SATURATE", "*2 $5 10.25 $4 0.25", "$5 10.25")]
    [InlineData("BYFLOAT -1e3 LBOUND -2.5 SATURATE", "*2 $4 -2.5 $5 -12.5", "$4 -2.5")]
    public void Adds_within_bounds_and_tells_how_much(string options, string reply, string value)
    {
        _x.Run("SET k 10");
        Assert.Equal(reply, _x.Run($"INCREX k {options}".TrimEnd()));
        Assert.Equal(value, _x.Run("GET k"));
    }

    [Fact]
    public void Replies_with_doubles_in_RESP3()
    {
        _x.Version = RespVersion.Resp3;
        Assert.Equal("*2 ,0.3 ,0.3", _x.Run("INCREX k BYFLOAT 0.3"));
        Assert.Equal("*2 :1 :1", _x.Run("INCREX n"));
    }

    [Fact]
    public void What_is_refused_creates_no_key_and_leaves_the_expiry()
    {
        Assert.Equal("*2 :0 :0", _x.Run("INCREX k UBOUND -1 EX 10"));
        Assert.Equal("$-1", _x.Run("GET k"));
        _x.Run("SET k 5 PX 1000");
        Assert.Equal("*2 :5 :0", _x.Run("INCREX k UBOUND 5 PX 9000"));
        _x.Time.Advance(1001);
        Assert.Equal("$-1", _x.Run("GET k"));
    }

    [Fact]
    public void ENX_sets_the_window_once()
    {
        _x.Run("INCREX hits PX 1000 ENX");
        _x.Time.Advance(600);
        Assert.Equal("*2 :2 :1", _x.Run("INCREX hits PX 1000 ENX"));
        _x.Time.Advance(401);
        Assert.Equal("*2 :1 :1", _x.Run("INCREX hits PX 1000 ENX"));
    }

    [Theory]
    [InlineData("BYINT 1 BYINT 1", "-ERR syntax error")]
    [InlineData("BYINT 1 BYFLOAT 1", "-ERR syntax error")]
    [InlineData("EX 1 PX 1", "-ERR syntax error")]
    [InlineData("PERSIST ENX", "-ERR syntax error")]
    [InlineData("UBOUND", "-ERR syntax error")]
    [InlineData("ENX", "-ERR ENX flag requires an expiration")]
    [InlineData("BYINT 1.5", "-ERR Increment is not an integer or out of range")]
    [InlineData("BYFLOAT x", "-ERR Increment is not a valid float")]
    [InlineData("LBOUND 1.5", "-ERR LBOUND is not an integer or out of range")]
    [InlineData("BYFLOAT 1 UBOUND x", "-ERR UBOUND is not a valid float")]
    [InlineData("LBOUND 2 UBOUND 1", "-ERR LBOUND can't be greater than UBOUND")]
    [InlineData("EX 0", "-ERR invalid expire time in 'increx' command")]
    public void Says_what_is_wrong_with_an_option(string options, string error) =>
        Assert.Equal(error, _x.Run($"INCREX k {options}"));

    public void Dispose() => _x.Dispose();
}
