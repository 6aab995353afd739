using System.Globalization;
using System.Text;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Tests.Commands;

namespace Galley.Store.Tests.Keyspace.Rdb;

/// <summary>
/// Payloads with flipped, cut, repeated and exchanged bytes, and a checksum that is right all the same: each is refused,
/// or makes a value that can be read, changed, dumped and deleted like any other.
/// </summary>
public sealed class RestoreFuzzTests : IDisposable
{
    private const int Rounds = 15_000;
    private const string BadData = "-ERR Bad data format";

    private readonly EngineFixture _engine = new();
    private readonly TestClient _client;

    public RestoreFuzzTests() => _client = _engine.Connect();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_payloads_never_do_harm(int seed)
    {
        var random = new Random(seed);
        byte[][] bodies = Bodies();
        int refused = 0, restored = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] body = Mutate(random, bodies[random.Next(bodies.Length)], bodies);
            string reply = _client.Run("RESTORE", "k", "0", Payload.Sealed(body, random.Next(20) == 0 ? 80 : 12));
            if (reply == BadData) refused++;
            else
            {
                Assert.Equal("+OK", reply);
                restored++;
                Use(body);
            }
            Assert.Equal(":0", _client.Run("DBSIZE"));
            if (round % 500 == 0) _engine.Pass(1);
        }
        _engine.Pass(1000);
        _engine.Server.Databases.Arena.Verify();
        Assert.True(refused > Rounds / 20 && restored > Rounds / 20, $"{refused} refused, {restored} restored");
    }

    private void Use(byte[] body)
    {
        string type = _client.Run("TYPE k");
        string[] commands = type switch
        {
            "+string" => ["GET k", "APPEND k x"],
            "+list" => ["LRANGE k 0 -1", "LINDEX k -1", "LPUSH k x", "RPUSH k 5", "LSET k 0 y", "LPOP k", "LLEN k"],
            "+set" => ["SCARD k", "SSCAN k 0", "SADD k x 5", "SREM k x", "SISMEMBER k 5"],
            "+zset" => ["ZRANGE k 0 -1 WITHSCORES", "ZADD k 1.5 x", "ZINCRBY k 1 x", "ZRANK k x", "ZREM k x"],
            "+hash" => ["HGETALL k", "HSET k x 1", "HEXPIRE k 100 FIELDS 1 x", "HDEL k x", "HLEN k"],
            _ => ["EXISTS k"],
        };
        foreach (string command in commands)
        {
            string reply = _client.Run(command);
            // Fields whose time had passed may have been all there was.
            Assert.False(reply.StartsWith("-ERR internal", StringComparison.Ordinal), $"{command} of {Convert.ToHexString(body)}: {reply}");
        }
        string dumped = _client.Run("DUMP k");
        Assert.False(dumped.StartsWith('-'), dumped);
        _client.Run("COPY k copy");
        _client.Run("DEL k copy");
    }

    /// <summary>Values of every form, small ones, so that most mutations hit what matters.</summary>
    internal static byte[][] Bodies()
    {
        string[] few = ["a", "1", "bcd", "-70000", new string('x', 70), "3"];
        string[] scored = ["a", "1", "bcd", "1.5", "e", "70000"];
        string[] timed = ["a", "1", "0", "b", "2", "4102444800000"];
        string[] many = [.. Enumerable.Range(0, 300).Select(i => "element " + i.ToString(CultureInfo.InvariantCulture))];
        byte[] zip = Payload.ZipListOf(Payload.ZipText("a"), [0xF2], Payload.ZipText("bcd"), [0xFE, 0x80], Payload.ZipText(new string('z', 300)), [0xF3]);
        long soonMs = 4102444800000;
        Payload[] payloads =
        [
            new Payload(RdbForm.String).String("some text"),
            new Payload(RdbForm.String).Bytes(0xC3, 9, 30, 1, 0x61, 0x61, 0xE0, 0x11, 0, 1, 0x61, 0x61),
            new Payload(RdbForm.List).Length(3).String("a").String("b").Bytes(0xC0, 7),
            new Payload(RdbForm.ListZipList).String(zip),
            new Payload(RdbForm.ListOfZipLists).Length(2).String(zip).String(zip),
            new Payload(RdbForm.ListOfListPacks).Length(3).Length(2).String(Payload.ListPackOf(few)).Length(1).String("plain").Length(2)
                .String(Payload.ListPackOf(many)),
            new Payload(RdbForm.Set).Length(3).String("a").String("b").Bytes(0xC0, 7),
            new Payload(RdbForm.SetIntSet).String([4, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0x80, 5, 0, 0, 0, 9, 0, 0, 0]),
            new Payload(RdbForm.SetListPack).String(Payload.ListPackOf(few)),
            new Payload(RdbForm.SetListPack).String(Payload.ListPackOf(many)),
            new Payload(RdbForm.Hash).Length(2).String("a").String("1").String("b").String("2"),
            new Payload(RdbForm.HashZipMap).String([2, 1, (byte)'a', 2, 1, (byte)'x', (byte)'y', 0, 1, (byte)'b', 0, 0, 255]),
            new Payload(RdbForm.HashZipList).String(zip),
            new Payload(RdbForm.HashListPack).String(Payload.ListPackOf(few)),
            new Payload(RdbForm.HashListPack).String(Payload.ListPackOf(many)),
            new Payload(RdbForm.HashExpiringListPack).Int64(soonMs).String(Payload.ListPackOf(timed)),
            new Payload(RdbForm.HashExpiringListPackDraft).String(Payload.ListPackOf(timed)),
            new Payload(RdbForm.HashExpiring).Int64(soonMs).Length(2).Length(1).String("a").String("1").Length(0).String("b").String("2"),
            new Payload(RdbForm.HashExpiringDraft).Length(1).String("a").String("1").Int64(soonMs),
            new Payload(RdbForm.SortedSetOfText).Length(2).String("a").Bytes(3).Bytes("1.5"u8).String("b").Bytes(254),
            new Payload(RdbForm.SortedSet).Length(2).String("b").Int64(BitConverter.DoubleToInt64Bits(2.25)).String("a").Int64(0),
            new Payload(RdbForm.SortedSetZipList).String(zip),
            new Payload(RdbForm.SortedSetListPack).String(Payload.ListPackOf(scored)),
        ];
        return [.. payloads.Select(payload => Encoding.Latin1.GetBytes(payload.Seal())[..^10])];
    }

    private static byte[] Mutate(Random random, byte[] body, byte[][] bodies)
    {
        List<byte> bytes = [.. body];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 1; changes--)
        {
            // The form is changed seldom: mostly another form reads nothing of this one.
            int at = random.Next(random.Next(20) == 0 ? 0 : 1, bytes.Count);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)((byte[])[0, 1, 0x7F, 0x80, 0x81, 0xC0, 0xC3, 0xF0, 0xF4, 0xFE, 0xFF])[random.Next(11)]; break;
                case 3: bytes.RemoveRange(at, random.Next(1, Math.Min(8, bytes.Count - at + 1))); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1)); break;
                case 5: bytes[at]++; break;
                default:
                    byte[] other = bodies[random.Next(bodies.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 12))]);
                    break;
            }
        }
        return [.. bytes];
    }
}
