using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Galley.Store.Persistence;
using Galley.Store.Tests.Keyspace.Rdb;
using Galley.Store.Tests.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Galley.Store.Tests.Persistence.Rdb;
using Galley.Store.Types;
using Xunit;

namespace Galley.Store.Tests.Persistence;

/// <summary>
/// Files and payloads with flipped bits, cut ends and huge lengths, of values of every type and encoding: each is refused with
/// a reason or loaded whole. None takes longer than a moment, or more memory than ten times its size and 16 MiB. 5,000 in
/// all; 105,000 with GALLEY_FULL=1.
/// </summary>
public sealed class DamagedInputTests : IDisposable
{
    private const long BytesAllowed = 16L << 20;
    private const int TimesAllowed = 10;
    private const int InputMsMax = 10_000;
    private const string Rdb = "/data/dump.rdb";
    private const string Folder = "/data/appendonlydir/";

    private static readonly int Scale = Environment.GetEnvironmentVariable("GALLEY_FULL") == "1" ? 21 : 1;

    private readonly SimulatedFiles _disk = new(1);
    private int _refused;
    private int _loaded;

    public void Dispose() => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{_refused + _loaded} inputs: {_refused} refused, {_loaded} loaded whole"));

    [Fact]
    public void Payloads_of_RESTORE()
    {
        byte[][] bodies = [.. RestoreFuzzTests.Bodies(), .. DumpedBodies()];
        using FolderFixture server = FolderFixture.Start(_disk);
        var damage = new Damage(11);
        for (int i = 0; i < 2000 * Scale; i++)
        {
            byte[] body = damage.Of(bodies[i % bodies.Length]);
            // One in ten has a checksum that is wrong, too.
            string payload = Payload.Sealed(body, 12);
            if (i % 10 == 0) payload = payload[..^1] + (char)(payload[^1] ^ 1);
            Measured(server, body.Length, () =>
            {
                string reply = server.Client.Run("RESTORE", "k", "0", payload, "REPLACE");
                Assert.True(reply is "+OK" or "-ERR Bad data format" or "-ERR DUMP payload version or checksum are wrong", reply);
                Count(reply == "+OK");
            });
            if (server.Run("EXISTS k") == ":1")
            {
                string dumped = server.Run("DUMP k");
                Assert.False(dumped.StartsWith('-'), dumped);
                server.Run("DEL k");
            }
            if (i % 200 == 0) server.Engine.RunCron();
        }
        server.Engine.Server.Databases.Arena.Verify();
        AssertBoth();
    }

    [Fact]
    public void RDB_files()
    {
        byte[][] files = [.. SavedFiles(), FileOf(RestoreFuzzTests.Bodies())];
        using FolderFixture server = FolderFixture.Start(_disk);
        var damage = new Damage(12);
        for (int i = 0; i < 1500 * Scale; i++)
        {
            byte[] file = damage.Of(files[i % files.Length][..^8]);
            ulong checksum = i % 10 == 0 ? 1 : Crc64.Append(0, file);
            _disk.Place(Rdb, [.. file, .. BitConverter.GetBytes(checksum)]);
            Measured(server, file.Length, () =>
            {
                // The way of the start, without its end: what is refused there ends the process with this reason.
                string reply = server.Run("DEBUG RELOAD NOSAVE");
                Assert.True(reply is "+OK" or "-ERR Error trying to load the RDB dump, check server logs.", reply);
                Count(reply == "+OK");
            });
            if (i % 250 == 0) server.Engine.Server.Databases.Arena.Verify();
            if (i % 10 == 0) server.Engine.RunCron();
        }
        Assert.Contains(server.Said, static line => line.Contains("at offset", StringComparison.Ordinal));
        AssertBoth();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Append_only_files(bool isBaseRdb)
    {
        byte[] log = LogOf(Commands(many: 20));
        // Streams would have their entries twice.
        byte[] first = isBaseRdb ? SavedFiles()[1] : LogOf(Commands(many: 20).Where(static c => !c.StartsWith('X')));
        string baseName = isBaseRdb ? "appendonly.aof.1.base.rdb" : "appendonly.aof.1.base.aof";
        byte[] manifest = Encoding.ASCII.GetBytes($"file {baseName} seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
        using FolderFixture server = FolderFixture.Start(_disk, static settings => settings.AppendOnly = true);
        var damage = new Damage(13);
        for (int i = 0; i < 750 * Scale; i++)
        {
            // Mostly the end, which may be torn; sometimes the base, and seldom the manifest.
            byte[] incr = i % 4 == 0 ? log : damage.Of(log);
            byte[] start = i % 4 == 0 ? damage.Of(first) : first;
            _disk.Place(Folder + baseName, start);
            _disk.Place(Folder + "appendonly.aof.1.incr.aof", incr);
            _disk.Place(Folder + "appendonly.aof.manifest", i % 40 == 7 ? damage.Of(manifest) : manifest);
            Measured(server, incr.Length + start.Length, () =>
            {
                // The way of the start, without its end: what is refused there ends the process with this reason.
                string reply = server.Run("DEBUG LOADAOF");
                Assert.True(reply is "+OK" or "-ERR Error trying to load the append only file, check server logs.", reply);
                Count(reply == "+OK");
            });
            if (i % 250 == 0) server.Engine.Server.Databases.Arena.Verify();
            if (i % 10 == 0) server.Engine.RunCron();
        }
        Assert.Contains(server.Said, static line => line.Contains("Bad file format reading the append only file", StringComparison.Ordinal));
        AssertBoth();
    }

    private static void Measured(FolderFixture server, int bytes, Action action)
    {
        long arena = server.Engine.Server.Databases.Arena.UsedBytes;
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        action();
        long taken = GC.GetAllocatedBytesForCurrentThread() - allocated + Math.Max(0, server.Engine.Server.Databases.Arena.UsedBytes - arena);
        Assert.True(taken <= (TimesAllowed * (long)bytes) + BytesAllowed, $"an input of {bytes} bytes took {taken}");
        Assert.True(clock.ElapsedMilliseconds < InputMsMax, $"an input of {bytes} bytes took {clock.ElapsedMilliseconds} ms");
    }

    private void Count(bool isLoaded)
    {
        if (isLoaded) _loaded++;
        else _refused++;
    }

    private void AssertBoth()
    {
        int all = _refused + _loaded;
        Assert.True(_refused > all / 20 && _loaded > all / 50, $"{_refused} refused, {_loaded} loaded");
    }

    /// <summary>All types, small and large, each in every encoding that Galley writes, with and without expiry.</summary>
    private static IEnumerable<string> Commands(int many = 700)
    {
        string far = "4102444800000";
        string text = string.Concat(Enumerable.Repeat("compresses well ", 40));
        yield return "SET int 12345";
        yield return "SET embstr short";
        yield return $"SET raw {text.Replace(' ', '_')}";
        yield return $"SET timed v PXAT {far}";
        yield return "PFADD hll a b c d e f g";
        foreach (int count in (int[])[3, many])
        {
            string size = count == 3 ? "few" : "many";
            for (int i = 0; i < count; i++)
            {
                yield return $"RPUSH list:{size} element:{i} {i}";
                yield return $"SADD ints:{size} {i * 1000}";
                yield return $"SADD set:{size} member:{i}";
                yield return $"ZADD zset:{size} {i}.5 member:{i}";
                yield return $"HSET hash:{size} field:{i} {i}";
                yield return $"HSET fields:{size} field:{i} {i}";
                yield return $"XADD stream:{size} 1-{i + 1} name value:{i}";
            }
            yield return $"HPEXPIREAT fields:{size} {far} FIELDS 1 field:1";
            yield return $"XGROUP CREATE stream:{size} group 0";
            yield return $"XREADGROUP GROUP group consumer COUNT 2 STREAMS stream:{size} >";
            yield return $"PEXPIREAT hash:{size} {far}";
        }
        yield return "BITFIELD bits SET u8 0 200";
        yield return "RPUSH long " + new string('l', 9000);
    }

    private static FolderFixture Filled(SimulatedFiles disk)
    {
        FolderFixture server = FolderFixture.Start(disk);
        foreach (string command in Commands()) server.Run(command);
        return server;
    }

    private static byte[][] SavedFiles()
    {
        var disk = new SimulatedFiles(5);
        using FolderFixture server = Filled(disk);
        byte[] all = server.Saved();
        foreach (string size in (string[])["many", "few"])
            server.Run($"DEL list:{size} ints:{size} set:{size} zset:{size} hash:{size} fields:{size} stream:{size}");
        server.Run("DEL long");
        byte[] strings = server.Saved();
        foreach (string command in Commands().Where(static c => c.Contains(":few", StringComparison.Ordinal))) server.Run(command);
        return [all, strings, server.Saved()];
    }

    private static byte[][] DumpedBodies()
    {
        using FolderFixture server = Filled(new SimulatedFiles(6));
        var bodies = new List<byte[]>();
        foreach (string key in server.Run("KEYS *").Split(' ').Where(static word => !word.StartsWith('*') && !word.StartsWith('$')))
        {
            server.Client.Start("DUMP " + key);
            byte[] reply = server.Client.Session.Reply.Output.Drain().FirstSpan.ToArray();
            int payload = reply.AsSpan().IndexOf("\r\n"u8) + 2;
            bodies.Add(reply[payload..^12]);
        }
        return [.. bodies];
    }

    /// <summary>A file whose keys hold the forms of older servers, too.</summary>
    private static byte[] FileOf(byte[][] bodies)
    {
        List<byte> file = [.. "REDIS0012"u8, 0xFE, 0];
        for (int i = 0; i < bodies.Length; i++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"k{i}");
            file.AddRange([bodies[i][0], (byte)key.Length, .. Encoding.ASCII.GetBytes(key), .. bodies[i][1..]]);
        }
        file.Add(0xFF);
        return [.. file, .. BitConverter.GetBytes(Crc64.Append(0, file.ToArray()))];
    }

    /// <summary>Without commands that name offsets: a digit more there asks for a long string, which is no damage.</summary>
    private static byte[] LogOf(IEnumerable<string> commands)
    {
        var log = new List<byte>(Aof.Commands.Of("SELECT", "0"));
        bool isInside = false;
        int number = 0;
        foreach (string command in commands.Where(static c => !c.StartsWith("BITFIELD", StringComparison.Ordinal)))
        {
            if (number++ % 50 == 0)
            {
                log.AddRange(Aof.Commands.Of(isInside ? "EXEC" : "MULTI"));
                isInside = !isInside;
            }
            log.AddRange(Aof.Commands.Of(command.Split(' ')));
        }
        if (isInside) log.AddRange(Aof.Commands.Of("EXEC"));
        foreach (byte[] body in RestoreFuzzTests.Bodies().Take(6))
            log.AddRange(Aof.Commands.Of("RESTORE", "restored", "0", Payload.Sealed(body, 12), "REPLACE"));
        return [.. log];
    }

    /// <summary>What happens to bytes on bad disks, and what is done to them by those who mean harm.</summary>
    private sealed class Damage(int seed)
    {
        private static readonly byte[][] HugeLengths =
        [
            [0x81, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x81, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x81, 0, 0, 1, 0, 0, 0, 0, 0], [0x80, 0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0x10, 0, 0, 0],
            // LZF: of a few bytes a great many.
            [0xC3, 4, 0x80, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], [0xC3, 0x80, 0x7F, 0xFF, 0xFF, 0xFF, 4],
            Encoding.ASCII.GetBytes("$2147483647\r\n"), Encoding.ASCII.GetBytes("*2147483647\r\n"), Encoding.ASCII.GetBytes("$9999999999\r\n"),
            Encoding.ASCII.GetBytes("*1048576\r\n"), Encoding.ASCII.GetBytes("$-1\r\n"),
        ];

        private readonly Random _random = new(seed);

        public byte[] Of(byte[] input)
        {
            byte[] bytes = [.. input];
            if (_random.Next(6) == 0) bytes = bytes[.._random.Next(1, bytes.Length)];
            for (int changes = _random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--) bytes = Changed(bytes);
            return bytes;
        }

        private byte[] Changed(byte[] bytes)
        {
            // Half of them near the beginning, where lengths stand that say the most.
            int at = _random.Next(_random.Next(2) == 0 ? Math.Min(bytes.Length, 64) : bytes.Length);
            switch (_random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << _random.Next(8));
                    return bytes;
                case 1:
                    bytes[at] = (byte)_random.Next(256);
                    return bytes;
                case 2:
                    byte[] huge = HugeLengths[_random.Next(HugeLengths.Length)];
                    return [.. bytes[..at], .. huge, .. bytes[Math.Min(bytes.Length, at + _random.Next(3))..]];
                case 3:
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Math.Max(0, Math.Min(at, bytes.Length - 4))) is { Length: >= 4 } room ? room : new byte[4], _random.Next() << _random.Next(20));
                    return bytes;
                default:
                    int length = Math.Min(_random.Next(1, 20), bytes.Length - at);
                    return [.. bytes[..at], .. bytes[(at + length)..]];
            }
        }
    }
}
