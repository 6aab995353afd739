using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

/// <summary>
/// Numbers and protocol errors beside a real redis-server. Without one the tests are skipped; with REQUIRE_ORACLE=1
/// that is a failure.
/// </summary>
public sealed class OracleTests(OracleServer oracle) : IClassFixture<OracleServer>
{
    private const int Pairs = 5_000;

    [Fact]
    public void Random_pairs_add_up_as_by_INCRBYFLOAT()
    {
        var random = new Random(6);
        var pairs = new List<(string Left, string Right)>();
        for (int i = 0; i < Pairs; i++) pairs.Add((RandomNumber(random), RandomNumber(random)));

        string commands = string.Concat(pairs.Select(pair => $"SET k {pair.Left}\r\nINCRBYFLOAT k {pair.Right}\r\n"));
        string[] replies = oracle.Ask(commands, 3 * Pairs);
        for (int i = 0; i < Pairs; i++)
        {
            string context = $"{pairs[i].Left} + {pairs[i].Right}";
            Assert.Equal($"{context} = {replies[3 * i + 2]}", $"{context} = {LongDoubleTests.Add(pairs[i].Left, pairs[i].Right)}");
        }
    }

    [Fact]
    public void Random_scores_are_printed_as_by_ZADD_INCR()
    {
        var random = new Random(7);
        string[] texts = [.. Enumerable.Range(0, Pairs).Select(_ => RandomNumber(random, exponentMax: 280))];
        string[] replies = oracle.Ask(string.Concat(texts.Select(text => $"DEL z\r\nZADD z INCR {text} m\r\n")), 3 * Pairs);
        Span<byte> printed = stackalloc byte[Numbers.DoubleBytesMax];
        for (int i = 0; i < Pairs; i++)
        {
            Assert.True(Numbers.TryParseDouble(Encoding.ASCII.GetBytes(texts[i]), out double value));
            int length = Numbers.FormatDouble(value, printed);
            Assert.Equal($"{texts[i]} is {replies[3 * i + 2]}", $"{texts[i]} is {Encoding.ASCII.GetString(printed[..length])}");
        }
    }

    [Theory]
    [InlineData("*x\r\n")]
    [InlineData("*\r\n")]
    [InlineData("*01\r\n")]
    [InlineData("*+1\r\n")]
    [InlineData("*2147483648\r\n")]
    [InlineData("*1\n$4\r\nPING\r\n")]
    [InlineData("*1\r\nPING\r\n")]
    [InlineData("*1\r\n\u00ffPING\r\n")]
    [InlineData("*1\r\n\r\nx")]
    [InlineData("*1\r\n$4x\r\nPING\r\n")]
    [InlineData("*1\r\n$-1\r\n")]
    [InlineData("*1\r\n$\r\n")]
    [InlineData("*1\r\n$536870913\r\n")]
    [InlineData("PING \"abc\r\n")]
    [InlineData("PING \"a\"b\r\n")]
    [InlineData("PING 'abc\r\n")]
    public void A_protocol_error_has_the_words_of_redis(string input)
    {
        var reader = new RespReader(new RespLimits()) { IsAuthenticated = true };
        reader.Append(Encoding.Latin1.GetBytes(input));
        Assert.Equal(ReadStatus.ProtocolError, reader.TryRead(out _));
        var writer = new RespWriter(new OutputBuffer());
        writer.Error("ERR Protocol error: " + reader.ProtocolError);
        Assert.Equal(oracle.Ask(input, 1)[0], Encoding.Latin1.GetString(writer.Output.Drain().FirstSpan).TrimEnd());
    }

    private static string RandomNumber(Random random, int exponentMax = 30)
    {
        string sign = random.Next(2) == 0 ? "-" : "";
        string whole = random.NextInt64(0, 1L << random.Next(1, 62)).ToString(CultureInfo.InvariantCulture);
        string fraction = random.NextInt64(0, 1L << random.Next(1, 62)).ToString(CultureInfo.InvariantCulture);
        return random.Next(6) switch
        {
            0 => sign + whole,
            1 => $"{sign}{random.Next(1000)}.{random.Next(100)}",
            2 => $"{sign}{whole}e{random.Next(-exponentMax, exponentMax)}",
            3 => $"{sign}0.{new string('0', random.Next(17))}{fraction}",
            4 => $"{sign}{whole}{whole}.{fraction}{fraction}",
            _ => $"{sign}{whole}.{fraction}",
        };
    }
}
