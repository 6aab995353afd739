using System.Buffers;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class RespWriterTests
{
    private delegate void Write(RespWriter writer);

    private static readonly Dictionary<string, (Write Write, string Resp2, string Resp3)> Replies = new()
    {
        ["ok"] = (w => w.Ok(), "+OK\r\n", "+OK\r\n"),
        ["simple"] = (w => w.Simple("PONG"u8), "+PONG\r\n", "+PONG\r\n"),
        ["error"] = (w => w.Error("ERR syntax error"u8), "-ERR syntax error\r\n", "-ERR syntax error\r\n"),
        ["error that quotes"] = (w => w.Error("ERR 'a\r\nb\u00ff'\r\n"), "-ERR 'a  b\u00ff'\r\n", "-ERR 'a  b\u00ff'\r\n"),
        ["integer"] = (w => w.Integer(-12), ":-12\r\n", ":-12\r\n"),
        ["smallest integer"] = (w => w.Integer(long.MinValue), ":-9223372036854775808\r\n", ":-9223372036854775808\r\n"),
        ["bulk"] = (w => w.Bulk("value"u8), "$5\r\nvalue\r\n", "$5\r\nvalue\r\n"),
        ["empty bulk"] = (w => w.Bulk([]), "$0\r\n\r\n", "$0\r\n\r\n"),
        ["text"] = (w => w.Bulk("\u00e9"), "$2\r\n\u00c3\u00a9\r\n", "$2\r\n\u00c3\u00a9\r\n"),
        ["bulk integer"] = (w => w.BulkInteger(1234), "$4\r\n1234\r\n", "$4\r\n1234\r\n"),
        ["null"] = (w => w.Null(), "$-1\r\n", "_\r\n"),
        ["null array"] = (w => w.NullArray(), "*-1\r\n", "_\r\n"),
        ["array"] = (w => w.Array(12), "*12\r\n", "*12\r\n"),
        ["map"] = (w => w.Map(2), "*4\r\n", "%2\r\n"),
        ["set"] = (w => w.Set(3), "*3\r\n", "~3\r\n"),
        ["push"] = (w => w.Push(3), "*3\r\n", ">3\r\n"),
        ["double"] = (w => w.Double(1.5), "$3\r\n1.5\r\n", ",1.5\r\n"),
        ["tenth"] = (w => w.Double(0.1), "$19\r\n0.10000000000000001\r\n", ",0.10000000000000001\r\n"),
        ["human double"] = (w => w.HumanDouble(0.1), "$19\r\n0.10000000000000001\r\n", ",0.10000000000000001\r\n"),
        ["large human double"] = (w => w.HumanDouble(1e21), "$22\r\n1000000000000000000000\r\n", ",1000000000000000000000\r\n"),
        ["infinity"] = (w => w.Double(double.NegativeInfinity), "$4\r\n-inf\r\n", ",-inf\r\n"),
        ["nan"] = (w => w.Double(double.NaN), "$3\r\nnan\r\n", ",nan\r\n"),
        ["true"] = (w => w.Boolean(true), ":1\r\n", "#t\r\n"),
        ["false"] = (w => w.Boolean(false), ":0\r\n", "#f\r\n"),
        ["verbatim"] = (w => w.Verbatim("some text"u8), "$9\r\nsome text\r\n", "=13\r\ntxt:some text\r\n"),
        ["big number"] = (w => w.BigNumber("-12345678901234567890"u8), "$21\r\n-12345678901234567890\r\n", "(-12345678901234567890\r\n"),
        ["raw"] = (w => w.Raw(":1\r\n"u8), ":1\r\n", ":1\r\n"),
        ["deferred array"] = (w => { Deferred d = w.BeginDeferred(); w.Integer(1); w.EndArray(d, 1); }, "*1\r\n:1\r\n", "*1\r\n:1\r\n"),
        ["deferred map"] = (w => { Deferred d = w.BeginDeferred(); w.EndMap(d, 0); }, "*0\r\n", "%0\r\n"),
        ["deferred set"] = (w => { Deferred d = w.BeginDeferred(); w.Integer(1); w.EndSet(d, 1); }, "*1\r\n:1\r\n", "~1\r\n:1\r\n"),
    };

    public static TheoryData<string> Names => [.. Replies.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Each_reply_has_its_form_in_both_versions(string name)
    {
        (Write write, string resp2, string resp3) = Replies[name];
        var writer = new RespWriter(new OutputBuffer());
        write(writer);
        Assert.Equal(resp2, Text(writer));
        writer.Version = RespVersion.Resp3;
        write(writer);
        Assert.Equal(resp3, Text(writer));
    }

    [Fact]
    public void Errors_are_counted_and_the_code_of_the_last_is_kept()
    {
        var writer = new RespWriter(new OutputBuffer());
        Assert.Equal("", writer.LastErrorCode);
        writer.Error("ERR no such key"u8);
        writer.Error("WRONGTYPE Operation against a key");
        Assert.Equal(2, writer.ErrorCount);
        Assert.Equal("WRONGTYPE", writer.LastErrorCode);
        writer.Error("EXECABORT"u8);
        Assert.Equal("EXECABORT", writer.LastErrorCode);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(4_097)]
    [InlineData(16_384)]
    [InlineData(5_000_000)]
    public void A_bulk_of_any_size_is_written_whole(int length)
    {
        var value = new byte[length];
        new Random(1).NextBytes(value);
        var writer = new RespWriter(new OutputBuffer());
        writer.Ok();
        writer.Bulk(value);
        writer.Ok();
        byte[] head = Encoding.ASCII.GetBytes($"+OK\r\n${length}\r\n");
        Assert.Equal([.. head, .. value, .. "\r\n+OK\r\n"u8], writer.Output.Drain().ToArray());
    }

    private static string Text(RespWriter writer) => Encoding.Latin1.GetString(writer.Output.Drain().ToArray());
}
