using System.Globalization;
using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Persistence;
using Galley.Store.Tests.Persistence.Files;
using Galley.Store.Types;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>Files that others have written, byte by byte, and what is wrong with some.</summary>
public sealed class RdbFileTests
{
    private const string Path = "/data/dump.rdb";

    private const int DamagedRounds = 60;

    private readonly SimulatedFiles _disk = new(1);

    [Fact]
    public void A_file_of_the_first_version_has_no_checksum_and_seconds()
    {
        Place("REDIS0001", [0xFE, 0, 0xFD, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, (byte)'a', 1, (byte)'1', 0xFE, 3, 0, 1, (byte)'b', 0xC0, 5, 0xFF], checksum: null);
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal("$1 1", server.Run("GET a"));
        Assert.Equal(":2147483647000", server.Run("PEXPIRETIME a"));
        server.Run("SELECT 3");
        Assert.Equal("$1 5", server.Run("GET b"));
    }

    [Fact]
    public void What_stands_between_keys_is_heeded_or_passed_over()
    {
        byte[] library = [.. "#!lua name=l\nredis.register_function('seven', function() return 7 end)"u8];
        byte[] body =
        [
            0xFA, 9, .. "redis-ver"u8, 5, .. "7.2.4"u8, 0xFA, 3, .. "own"u8, 0xC0, 7,
            0xF5, 0x40, (byte)library.Length, .. library,
            0xF7, 0x40, 0x64, 2, 1, 1, 5, 2, 6, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, .. "xy"u8, 0,  // a module's own
            0xF4, 1, 2, 0,                                                  // a slot
            0xFE, 0, 0xFB, 2, 1,
            0xF8, 0x40, 0x64, 0, 1, (byte)'i', 1, (byte)'1',                // idle for 100 seconds
            0xF9, 200, 0, 1, (byte)'f', 1, (byte)'2',
            0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1, (byte)'p', 1, (byte)'3',   // long past
            0xFF,
        ];
        Place("REDIS0011", body);
        using (FolderFixture server = FolderFixture.Start(_disk))
        {
            Assert.Equal("*2 $1 1 $1 2", server.Run("MGET i f"));
            Assert.Equal(":0", server.Run("EXISTS p"));
            Assert.Contains("rdb_last_load_keys_expired:1 rdb_last_load_keys_loaded:2", server.Run("INFO persistence"), StringComparison.Ordinal);
            Assert.Contains("Loading RDB produced by version 7.2.4", server.Said);
            Assert.Equal(library, Assert.Single(server.Engine.Server.Scripting.Libraries));
            Assert.Equal("+OK", server.Run("SAVE"));
        }
        using FolderFixture next = FolderFixture.Start(_disk);
        Assert.Equal(":7", next.Run("FCALL seven 0"));
    }

    [Fact]
    public void Use_is_kept_where_the_policy_asks_for_it()
    {
        Place("REDIS0010", [0xFE, 0, 0xF8, 0x40, 0x64, 0, 1, (byte)'i', 1, (byte)'1', 0xF9, 200, 0, 1, (byte)'f', 1, (byte)'2', 0xFF]);
        using (FolderFixture lru = FolderFixture.Start(_disk, static s => s.MaxMemoryPolicy = MaxMemoryPolicy.AllkeysLru))
        {
            Assert.Equal(":100", lru.Run("OBJECT IDLETIME i"));
            lru.Run("SAVE");
            Assert.True(_disk.Content(Path).AsSpan().IndexOf((ReadOnlySpan<byte>)[0xF8, 0x40, 0x64, 0, 1, (byte)'i']) > 0);
        }
        Place("REDIS0010", [0xFE, 0, 0xF9, 200, 0, 1, (byte)'f', 1, (byte)'2', 0xFF]);
        using FolderFixture lfu = FolderFixture.Start(_disk, static s => s.MaxMemoryPolicy = MaxMemoryPolicy.AllkeysLfu);
        Assert.Equal(":200", lfu.Run("OBJECT FREQ f"));
        lfu.Run("SAVE");
        Assert.True(_disk.Content(Path).AsSpan().IndexOf((ReadOnlySpan<byte>)[0xF9, 200, 0, 1, (byte)'f']) > 0);
    }

    [Fact]
    public void What_the_form_of_7_0_has_no_place_for_of_a_stream_is_kept_behind_it()
    {
        string id, consumers;
        using (FolderFixture server = FolderFixture.Start(_disk))
        {
            id = server.Run("XADD s IDMP till-1 order-17 * f v");
            server.Run("XADD s IDMP till-1 order-18 * f v");
            server.Run("XADD plain 1-1 f v");
            server.Run("XGROUP CREATE s g $");
            server.Run("XREADGROUP GROUP g never STREAMS s >");
            server.Run("XGROUP CREATE plain g 0");
            server.Run("XREADGROUP GROUP g once STREAMS plain >");
            consumers = server.Run("XINFO CONSUMERS s g");
            Assert.Contains("inactive :-1", consumers, StringComparison.Ordinal);
            server.Run("SAVE");
        }
        Assert.True(_disk.Content(Path).AsSpan().IndexOf("galley-stream"u8) > 0);
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Contains("inactive :-1", again.Run("XINFO CONSUMERS s g"), StringComparison.Ordinal);
        Assert.Equal(id, again.Run("XADD s IDMP till-1 order-17 * f v"));
        Assert.Equal(":2", again.Run("XLEN s"));
        Assert.Contains("iids-tracked :2 $10 iids-added :2 $15 iids-duplicates :1", again.Run("XINFO STREAM s"), StringComparison.Ordinal);
        Assert.Equal(":1", again.Run("XLEN plain"));
    }

    [Fact]
    public void Names_of_producers_that_cannot_be_are_refused()
    {
        using (FolderFixture server = FolderFixture.Start(_disk, static s => s.RdbCompression = false))
        {
            server.Run("XADD s IDMP till-1 order-17 * f v");
            server.Run("XADD s IDMP till-1 order-18 * f v");
            server.Run("SAVE");
        }
        byte[] saved = _disk.Content(Path)[..^sizeof(ulong)];
        // The identifier stands before the name's length.
        int IdOf(string name) => saved.AsSpan().IndexOf(Encoding.ASCII.GetBytes(name)) - 1 - StreamId.BinaryBytes;
        byte[] twice = [.. saved];
        twice.AsSpan(IdOf("order-17"), StreamId.BinaryBytes).CopyTo(twice.AsSpan(IdOf("order-18")));
        Place("", twice);
        Assert.Contains("an element is there twice", Refusal(), StringComparison.Ordinal);

        byte[] forNoTime = [.. saved];
        int duration = saved.AsSpan().IndexOf((ReadOnlySpan<byte>)[1, (byte)'s', 1, 0x40, 100, 0x40, 100]) + 3;
        forNoTime[duration + 1] = 0;
        Place("", forNoTime);
        Assert.Contains("what a stream keeps of names is damaged", Refusal(), StringComparison.Ordinal);

        Place("", saved);
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Contains("iids-tracked :2 ", again.Run("XINFO STREAM s"), StringComparison.Ordinal);
    }

    [Fact]
    public void Valkeys_magic_is_known()
    {
        Place("VALKEY080", [0xFE, 0, 22, 1, (byte)'h', 1, 1, (byte)'a', 1, (byte)'1', 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal("$1 1", server.Run("HGET h a"));
    }

    [Fact]
    public void A_collection_of_nothing_is_passed_over()
    {
        Place("REDIS0010", [0xFE, 0, 2, 1, (byte)'s', 0, 0, 1, (byte)'a', 1, (byte)'1', 0xFF]);
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal(":1", server.Run("DBSIZE"));
        Assert.Contains("rdbLoadObject skipping empty key: s", server.Said);
    }

    [Fact]
    public void Fields_that_expire_make_the_version_12()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        server.Run("HSET h a 1 b 2");
        server.Run("SAVE");
        Assert.StartsWith("REDIS0010", Encoding.ASCII.GetString(_disk.Content(Path)), StringComparison.Ordinal);
        server.Run("HEXPIRE h 100 FIELDS 1 a");
        server.Run("SAVE");
        Assert.StartsWith("REDIS0012", Encoding.ASCII.GetString(_disk.Content(Path)), StringComparison.Ordinal);
        using FolderFixture again = FolderFixture.Start(_disk, null);
        Assert.Equal(server.Run("HPEXPIRETIME h FIELDS 2 a b"), again.Run("HPEXPIRETIME h FIELDS 2 a b"));
    }

    [Theory]
    [InlineData("XEDIS0010", "it does not begin like one")]
    [InlineData("REDIS0000", "Galley does not know version 0 of the format")]
    [InlineData("REDIS0079", "Galley does not know version 79 of the format")]
    [InlineData("REDIS00x0", "it does not begin like one")]
    public void A_file_of_something_else_is_refused(string magic, string reason)
    {
        Place(magic, [0xFF]);
        Assert.Contains(reason, Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFE, 0, 0, 1, (byte)'a', 50, (byte)'1' }, "the end is missing, at offset 15")]
    [InlineData(new byte[] { 0xFE, 16, 0xFF }, "it has a database 16, and there are 16 here")]
    [InlineData(new byte[] { 0xFE, 0, 0, 1, (byte)'a', 1, (byte)'1', 0, 1, (byte)'a', 1, (byte)'2', 0xFF }, "the key 'a' is in database 0 already")]
    [InlineData(new byte[] { 0xFE, 0, 7, 1, (byte)'m', 0xFF }, "belongs to a module")]
    [InlineData(new byte[] { 0xFE, 0, 26, 1, (byte)'s', 0xFF }, "26 is no form of a value that Galley knows")]
    [InlineData(new byte[] { 0xF3, 0xFF }, "Galley does not know what 243 announces")]
    [InlineData(new byte[] { 0xF6, 0xFF }, "Galley does not know what 246 announces")]
    public void What_cannot_be_loaded_stops_the_start_with_its_place(byte[] body, string reason)
    {
        Place("REDIS0010", body);
        Assert.Contains(reason, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_there_twice_are_found_however_far_apart()
    {
        foreach (int between in (int[])[0, 10, 63, 64, 500])
        {
            List<byte> body = [0xFE, 0];
            for (int i = 0; i < between + 2; i++) body.AddRange([0, 4, .. Encoding.ASCII.GetBytes((i > between ? 0 : i).ToString("D4", CultureInfo.InvariantCulture)), 1, (byte)'v']);
            Place("REDIS0010", [.. body, 0xFF]);
            Assert.Contains("the key '0000' is in database 0 already", Refusal(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_reload_that_fails_leaves_whole_keys_and_no_memory_behind()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        for (int i = 0; i < 100; i++) server.Run($"SET key:{i} value PX 100000");
        for (int i = 0; i < 600; i++) server.Run($"ZADD ranks {i} member:{i}");
        byte[] file = server.Saved();
        for (int length = file.Length - 9; length > 200; length -= 397)
        {
            _disk.Place(Path, file[..length]);
            Assert.StartsWith("-ERR Error trying to load the RDB dump", server.Run("DEBUG RELOAD NOSAVE"), StringComparison.Ordinal);
            server.Engine.Server.Databases.Arena.Verify();
            server.Run("FLUSHALL SYNC");
            for (int turns = 0; turns < 50; turns++) server.Engine.RunCron();
            Assert.Equal(0, server.Engine.Server.Databases.Arena.UsedBytes);
        }
    }

    [Fact]
    public void Keys_that_expire_are_in_the_index()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        for (int i = 0; i < 100; i++) server.Run($"SET key:{i} value PX 100000");
        server.Run("HSET h a 1");
        server.Run("HEXPIRE h 100 FIELDS 1 a");
        server.Saved();
        using FolderFixture again = FolderFixture.Start(_disk);
        Assert.Contains("keys=101,expires=100", again.Run("INFO keyspace"), StringComparison.Ordinal);
        again.Time.Advance(200_000);
        for (int turns = 0; turns < 50; turns++) again.Engine.RunCron();
        Assert.Equal(0, again.Database.Count);
    }

    [Fact]
    public void A_wrong_checksum_stops_the_start_and_none_does_not()
    {
        byte[] body = [0xFE, 0, 0, 1, (byte)'a', 1, (byte)'1', 0xFF];
        Place("REDIS0010", body, checksum: 77);
        Assert.Contains("its checksum is 4d, and should be", Refusal(), StringComparison.Ordinal);
        using (FolderFixture unchecked_ = FolderFixture.Start(_disk, static s => s.RdbChecksum = false)) Assert.Equal("$1 1", unchecked_.Run("GET a"));
        Place("REDIS0010", body, checksum: 0);
        using FolderFixture server = FolderFixture.Start(_disk);
        Assert.Equal("$1 1", server.Run("GET a"));
    }

    [Fact]
    public void Without_checksums_a_zero_is_written()
    {
        using FolderFixture server = FolderFixture.Start(_disk, static s => s.RdbChecksum = false);
        server.Run("SET a 1");
        server.Run("SAVE");
        Assert.Equal(new byte[8], _disk.Content(Path)[^8..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_files_are_refused_or_loaded_whole(int seed)
    {
        byte[] file = FileOfAllTypes();
        var random = new Random(seed);
        int refused = 0, loaded = 0;
        for (int round = 0; round < DamagedRounds; round++)
        {
            byte[] damaged = [.. file[..(random.Next(3) == 0 ? random.Next(file.Length) : file.Length - 8)]];
            for (int changes = random.Next(1, 3); changes > 0; changes--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _disk.Place(Path, [.. damaged, .. BitConverter.GetBytes(Crc64.Append(0, damaged))]);
            try
            {
                using FolderFixture server = FolderFixture.Start(_disk);
                Assert.Equal("+OK", server.Run("SAVE"));
                server.Engine.Server.Databases.Arena.Verify();
                loaded++;
            }
            catch (PersistenceException)
            {
                refused++;
            }
        }
        Assert.True(refused > DamagedRounds / 8 && loaded > DamagedRounds / 20, $"{refused} refused, {loaded} loaded");
    }

    private byte[] FileOfAllTypes()
    {
        using FolderFixture server = FolderFixture.Start(_disk);
        foreach (string command in (string[])["SET s some-text", "SET n 12345 PX 100000", "RPUSH l a b 1 2 3", "SADD i 1 2 3", "SADD t x y z",
            "ZADD z 1 a 2.5 b", "HSET h a 1 b 2", "HSET e a 1 b 2", "HEXPIRE e 100 FIELDS 1 a"])
            server.Run(command);
        for (int i = 0; i < 600; i++)
        {
            server.Run($"HSET large field:{i} {i}");
            server.Run($"ZADD ranks {i}.5 member:{i}");
            server.Run($"SADD many member:{i}");
        }
        Assert.Equal("+OK", server.Run("SAVE"));
        return _disk.Content(Path);
    }

    private string Refusal() => Assert.Throws<PersistenceException>(() => FolderFixture.Start(_disk)).Message;

    private void Place(string magic, ReadOnlySpan<byte> body)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(magic), .. body];
        _disk.Place(Path, [.. bytes, .. BitConverter.GetBytes(Crc64.Append(0, bytes))]);
    }

    private void Place(string magic, ReadOnlySpan<byte> body, ulong? checksum)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(magic), .. body];
        _disk.Place(Path, checksum is { } said ? [.. bytes, .. BitConverter.GetBytes(said)] : bytes);
    }
}
