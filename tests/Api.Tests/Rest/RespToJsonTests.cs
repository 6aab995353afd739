using System.Buffers;
using System.Text;
using Galley.Api.Rest;
using Xunit;

namespace Galley.Api.Tests.Rest;

public sealed class RespToJsonTests
{
    [Theory]
    [InlineData("+OK\r\n", "\"OK\"", "\"OK\"")]
    [InlineData("+PONG\r\n", "\"PONG\"", "\"UE9ORw==\"")]
    [InlineData("$2\r\nOK\r\n", "\"OK\"", "\"T0s=\"")]
    [InlineData("*1\r\n+OK\r\n", "[\"OK\"]", "[\"T0s=\"]")]
    [InlineData("$0\r\n\r\n", "\"\"", "\"\"")]
    [InlineData("$-1\r\n", "null", "null")]
    [InlineData("*-1\r\n", "null", "null")]
    [InlineData("_\r\n", "null", "null")]
    [InlineData(":-5\r\n", "-5", "-5")]
    [InlineData(":9007199254740991\r\n", "9007199254740991", "9007199254740991")]
    [InlineData(":9007199254740992\r\n", "\"9007199254740992\"", "\"OTAwNzE5OTI1NDc0MDk5Mg==\"")]
    [InlineData(":-9223372036854775808\r\n", "\"-9223372036854775808\"", "\"LTkyMjMzNzIwMzY4NTQ3NzU4MDg=\"")]
    [InlineData("*0\r\n", "[]", "[]")]
    [InlineData("*2\r\n*1\r\n:1\r\n$1\r\na\r\n", "[[1],\"a\"]", "[[1],\"YQ==\"]")]
    [InlineData("%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:2\r\n", "[\"a\",1,\"b\",2]", "[\"YQ==\",1,\"Yg==\",2]")]
    [InlineData("~1\r\n:1\r\n", "[1]", "[1]")]
    [InlineData(">1\r\n:1\r\n", "[1]", "[1]")]
    [InlineData(",1.5\r\n", "\"1.5\"", "\"MS41\"")]
    [InlineData(",-inf\r\n", "\"-inf\"", "\"LWluZg==\"")]
    [InlineData("#t\r\n", "1", "1")]
    [InlineData("#f\r\n", "0", "0")]
    [InlineData("(12345678901234567890\r\n", "\"12345678901234567890\"", "\"MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=\"")]
    [InlineData("=6\r\ntxt:hi\r\n", "\"hi\"", "\"aGk=\"")]
    [InlineData("*2\r\n-ERR \"no\"\r\n:1\r\n", "[{\"error\":\"ERR \\\"no\\\"\"},1]", "[{\"error\":\"ERR \\\"no\\\"\"},1]")]
    [InlineData("!6\r\nERR no\r\n", "{\"error\":\"ERR no\"}", "{\"error\":\"ERR no\"}")]
    public void Every_kind_of_reply_has_its_JSON(string resp, string json, string inBase64)
    {
        Assert.Equal(json, Convert(resp, asBase64: false));
        Assert.Equal(inBase64, Convert(resp, asBase64: true));
    }

    [Fact]
    public void What_JSON_forbids_is_escaped_and_nothing_else()
    {
        string text = "\"\\/\b\f\n\r\t\u0000\u001f\u007fäö€😀<>&\u2028";

        string json = Convert($"${Encoding.UTF8.GetByteCount(text)}\r\n{text}\r\n", asBase64: false);

        Assert.Equal("\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0000\\u001f\u007fäö€😀<>&\u2028\"", json);
    }

    [Fact]
    public void Long_strings_are_written_in_pieces_that_fit_together()
    {
        var bytes = new byte[100_001];
        new Random(1).NextBytes(bytes);
        var output = new ArrayBufferWriter<byte>();

        JsonText.WriteBase64(output, bytes);

        Assert.Equal($"\"{System.Convert.ToBase64String(bytes)}\"", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string Convert(string resp, bool asBase64)
    {
        var output = new ArrayBufferWriter<byte>();
        var json = new RespToJson(Encoding.UTF8.GetBytes(resp), output, asBase64);
        json.WriteValue();
        Assert.True(json.IsAtEnd);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
