using System.Buffers;
using System.Text;
using Galley.Api.Typed;
using Xunit;

namespace Galley.Api.Tests.Typed;

public sealed class TypedReplyTests
{
    [Theory]
    [InlineData("+OK\r\n", "\"OK\"")]
    [InlineData("$3\r\na\"b\r\n", "\"a\\\"b\"")]
    [InlineData("$2\r\n\u00ffa\r\n", "{\"b64\":\"/2E=\"}")]
    [InlineData("=7\r\ntxt:a=1\r\n", "\"a=1\"")]
    [InlineData(":-9007199254740991\r\n", "-9007199254740991")]
    [InlineData(":9007199254740992\r\n", "\"9007199254740992\"")]
    [InlineData(",1.5\r\n", "1.5")]
    [InlineData(",1e+20\r\n", "1e+20")]
    [InlineData(",inf\r\n", "\"inf\"")]
    [InlineData(",-inf\r\n", "\"-inf\"")]
    [InlineData(",nan\r\n", "\"nan\"")]
    [InlineData("(3492890328409238509324850943850943825024385\r\n", "\"3492890328409238509324850943850943825024385\"")]
    [InlineData("#t\r\n", "true")]
    [InlineData("#f\r\n", "false")]
    [InlineData("_\r\n", "null")]
    [InlineData("$-1\r\n", "null")]
    [InlineData("*-1\r\n", "null")]
    [InlineData("*3\r\n:1\r\n$0\r\n\r\n*1\r\n#t\r\n", "[1,\"\",[true]]")]
    [InlineData("~2\r\n$1\r\na\r\n$1\r\nb\r\n", "[\"a\",\"b\"]")]
    [InlineData("*1\r\n-ERR no\r\n", "[{\"error\":\"ERR no\"}]")]
    [InlineData("%2\r\n+a\r\n,2.5\r\n$1\r\nb\r\n%0\r\n", "{\"a\":2.5,\"b\":{}}")]
    [InlineData("%2\r\n$1\r\na\r\n*1\r\n:1\r\n:2\r\n+b\r\n", "[[\"a\",[1]],[2,\"b\"]]")]
    [InlineData("%1\r\n$1\r\n\u00ff\r\n:1\r\n", "[[{\"b64\":\"/w==\"},1]]")]
    public void A_reply_keeps_its_types(string resp, string json)
    {
        var cursor = new RespCursor(Encoding.Latin1.GetBytes(resp));
        var output = new ArrayBufferWriter<byte>();

        TypedReply.Write(ref cursor, output);

        Assert.Equal(json, Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(cursor.IsAtEnd);
    }
}
