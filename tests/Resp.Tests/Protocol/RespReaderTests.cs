using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class RespReaderTests
{
    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n", "PING")]
    [InlineData("*2\r\n$3\r\nGET\r\n$0\r\n\r\n", "GET|")]
    [InlineData("*0\r\n*-1\r\n*-5\r\n\r\n   \r\n\nPING\n", "PING")]
    [InlineData("*1\rx$4\ryPING__PING\r\n", "PING;PING")]
    [InlineData("  PING  \r\n", "PING")]
    [InlineData("PING \"a b\"\r\n", "PING|a b")]
    [InlineData("PING 'a\\'b'\r\n", "PING|a'b")]
    [InlineData("PING 'a\\qb\\x41'\r\n", "PING|a\\qb\\x41")]
    [InlineData("PING \"\\x41\\n\\r\\t\\b\\a\\q\\xZZ\"\r\n", "PING|A\n\r\t\b\aqxZZ")]
    [InlineData("PING a\"b c\"\r\n", "PING|ab c")]
    [InlineData("PING a'b'\r\n", "PING|ab")]
    [InlineData("PING \"\"\r\n", "PING|")]
    [InlineData("PING a\rb\tc\r\n", "PING|a|b|c")]
    [InlineData("PING a\vb\r\n", "PING|a\vb")]
    [InlineData("\vPING\r\n", "PING")]
    [InlineData("PING 'a'\v'b'\r\n", "PING|a|b")]
    [InlineData("PING \"\\x4\"\r\n", "PING|x4")]
    [InlineData("SET k \"\\\"\\\\\"\r\n", "SET|k|\"\\")]
    public void Commands_are_cut_as_redis_cuts_them(string input, string expected)
    {
        Assert.Equal(expected, string.Join(';', ReadAll(Reader(), Encoding.Latin1.GetBytes(input))));
    }

    [Fact]
    public void How_full_it_is_and_what_has_come_of_a_command_can_be_asked()
    {
        RespReader reader = Reader();
        Assert.Equal((0, 0, 0L), (reader.BufferBytes, reader.FilledBytes, reader.ArgumentBytes));
        reader.Append("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$10\r\n12345"u8);
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        Assert.Equal(30, reader.FilledBytes);
        Assert.Equal(4, reader.ArgumentBytes);
        reader.Append("67890\r\n"u8);
        Assert.Equal(ReadStatus.Command, reader.TryRead(out _));
        Assert.Equal((37, 0L), (reader.FilledBytes, reader.ArgumentBytes));
        reader.Release();
        Assert.Equal((0, 0), (reader.BufferBytes, reader.FilledBytes));
    }

    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$10\r\n1234567890\r\n")]
    [InlineData("*11\r\n$3\r\nDEL\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n$1\r\n5\r\n$1\r\n6\r\n$1\r\n7\r\n$1\r\n8\r\n$1\r\n9\r\n$1\r\na\r\n")]
    public void A_command_knows_how_many_bytes_it_had(string input)
    {
        RespReader reader = Reader();
        reader.Append(Encoding.ASCII.GetBytes(input));
        Assert.Equal(ReadStatus.Command, reader.TryRead(out Arguments arguments));
        Assert.Equal(input.Length, arguments.WireBytes);
        Assert.InRange(arguments.WireBytesMax, input.Length, input.Length + 15 * (arguments.Count + 1));
        Assert.Equal(input.Length, arguments.Copy().WireBytes);
        Assert.True(arguments.Copy().WireBytesMax >= input.Length);
        Assert.Equal(4, Arguments.Empty.WireBytes);
    }

    [Theory]
    [InlineData("*11\r\n", "unauthenticated multibulk length")]
    [InlineData("*1\r\n$16385\r\n", "unauthenticated bulk length")]
    public void Before_authentication_the_limits_are_narrow(string input, string error)
    {
        RespReader reader = Reader(isAuthenticated: false);
        reader.Append(Encoding.ASCII.GetBytes(input));
        Assert.Equal(ReadStatus.ProtocolError, reader.TryRead(out _));
        Assert.Equal(error, reader.ProtocolError);
    }

    [Theory]
    [InlineData("*10\r\n")]
    [InlineData("*1\r\n$16384\r\n")]
    public void The_narrow_limits_themselves_are_allowed(string input)
    {
        RespReader reader = Reader(isAuthenticated: false);
        reader.Append(Encoding.ASCII.GetBytes(input));
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
    }

    [Theory]
    [InlineData("", "too big inline request")]
    [InlineData("*", "too big mbulk count string")]
    [InlineData("*1\r\n$", "too big bulk count string")]
    public void A_line_without_end_is_refused_at_64_KiB(string start, string error)
    {
        RespReader reader = Reader();
        reader.Append(Encoding.ASCII.GetBytes(start));
        var digits = new byte[1000];
        digits.AsSpan().Fill((byte)'1');
        int sent = 0;
        while (reader.TryRead(out _) == ReadStatus.Incomplete)
        {
            reader.Append(digits);
            sent += digits.Length;
            Assert.True(sent < 70_000);
        }
        Assert.Equal(error, reader.ProtocolError);
        Assert.True(sent > RespLimits.InlineBytesMax);
    }

    [Fact]
    public void An_error_stays()
    {
        RespReader reader = Reader();
        reader.Append("*x\r\nPING\r\n"u8);
        Assert.Equal(ReadStatus.ProtocolError, reader.TryRead(out _));
        Assert.Equal(ReadStatus.ProtocolError, reader.TryRead(out _));
        Assert.Equal("invalid multibulk length", reader.ProtocolError);
    }

    [Fact]
    public void At_rest_no_buffer_is_held()
    {
        RespReader reader = Reader();
        reader.Append("PING\r\n"u8);
        Assert.Equal(RespReader.InputBytes, reader.BufferBytes);
        Assert.Equal(6, reader.PendingBytes);
        Assert.Equal(ReadStatus.Command, reader.TryRead(out _));
        Assert.Equal(0, reader.PendingBytes);
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        reader.Release();
        Assert.Equal(0, reader.BufferBytes);

        reader.Append("*1\r\n"u8);
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        reader.Release();
        reader.Append("$4\r\nPING\r\n"u8);
        Assert.Equal(ReadStatus.Command, reader.TryRead(out Arguments arguments));
        Assert.Equal("PING"u8, arguments[0]);
    }

    [Fact]
    public void A_value_of_a_round_size_is_not_copied_for_the_few_bytes_around_it()
    {
        const int Length = 8 * 1024 * 1024;
        var reader = new RespReader(new RespLimits()) { IsAuthenticated = true };
        byte[] head = Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${Length}\r\n");
        reader.Append(head);
        for (int left = Length; left > RespReader.InputBytes; left -= RespReader.InputBytes)
        {
            Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
            reader.Append(new byte[RespReader.InputBytes]);
        }
        Assert.Equal(head.Length + Length + 2, reader.BufferBytes);
    }

    [Fact]
    public void An_announcement_alone_costs_little_and_the_whole_bulk_no_more_than_itself()
    {
        const int Length = 8 * 1024 * 1024;
        RespReader reader = Reader();
        reader.Append(Encoding.ASCII.GetBytes($"*1\r\n${512 * 1024 * 1024}\r\n"));
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        reader.Append(new byte[1000]);
        Assert.InRange(reader.BufferBytes, 1, RespReader.PooledBytesMax);

        reader = Reader();
        byte[] head = Encoding.ASCII.GetBytes($"*1\r\n${Length}\r\n");
        reader.Append(head);
        Assert.Equal(ReadStatus.Incomplete, reader.TryRead(out _));
        reader.Append(new byte[Length + 2]);
        Assert.Equal(head.Length + Length + 2, reader.BufferBytes);
        Assert.Equal(ReadStatus.Command, reader.TryRead(out Arguments arguments));
        Assert.Equal(Length, arguments[0].Length);
        reader.GetInput();
        Assert.Equal(RespReader.InputBytes, reader.BufferBytes);
    }

    [Fact]
    public void More_than_the_query_buffer_limit_is_noticed()
    {
        var reader = new RespReader(new RespLimits { QueryBufferBytesMax = 100 });
        reader.Append(new byte[100]);
        Assert.False(reader.IsOverLimit);
        reader.Append(new byte[1]);
        Assert.True(reader.IsOverLimit);
    }

    [Fact]
    public void A_changed_bulk_limit_holds_from_the_next_argument_on()
    {
        var limits = new RespLimits();
        var reader = new RespReader(limits) { IsAuthenticated = true };
        limits.BulkBytesMax = 10;
        reader.Append("*1\r\n$11\r\n"u8);
        Assert.Equal(ReadStatus.ProtocolError, reader.TryRead(out _));
        Assert.Equal("invalid bulk length", reader.ProtocolError);
    }

    [Fact]
    public void Arguments_end_with_their_command()
    {
        RespReader reader = Reader();
        reader.Append("a b c d\r\ne\r\n"u8);
        reader.TryRead(out _);
        reader.TryRead(out Arguments arguments);
        Assert.Equal(1, arguments.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = arguments[1]; });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = arguments[-1]; });
    }

    [Fact]
    public void Arguments_from_a_place_on_share_the_buffer_and_a_copy_does_not()
    {
        RespReader reader = Reader();
        reader.Append("a bb ccc\r\n"u8);
        reader.TryRead(out Arguments arguments);
        Arguments rest = arguments.From(1);
        Arguments copy = rest.Copy();
        Assert.Equal("bb|ccc", Join(rest));
        Assert.Equal(5, rest.TotalBytes);
        Assert.Equal(0, arguments.From(3).Count);
        reader.Append("x yy zzz\r\n"u8);
        reader.TryRead(out _);
        reader.GetInput().Fill((byte)'?');
        Assert.Equal("bb|ccc", Join(copy));
    }

    internal static RespReader Reader(bool isAuthenticated = true) => new(new RespLimits()) { IsAuthenticated = isAuthenticated };

    internal static List<string> ReadAll(RespReader reader, ReadOnlySpan<byte> input)
    {
        reader.Append(input);
        return ReadSome(reader, int.MaxValue);
    }

    internal static List<string> ReadSome(RespReader reader, int commandsMax)
    {
        var commands = new List<string>();
        while (commands.Count < commandsMax && reader.TryRead(out Arguments arguments) == ReadStatus.Command) commands.Add(Join(arguments));
        return commands;
    }

    internal static string Join(Arguments arguments)
    {
        var words = new List<string>();
        for (int i = 0; i < arguments.Count; i++) words.Add(Encoding.Latin1.GetString(arguments[i]));
        return string.Join('|', words);
    }
}
