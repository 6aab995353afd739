using System.Text;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Checks;
using Galley.Store.Tests.Persistence.Files;
using Galley.Store.Tests.Persistence.Rdb;
using Galley.Store.Types;

namespace Galley.Store.Tests.Persistence.Checks;

/// <summary><c>galley check-rdb</c> says of a file what a start would.</summary>
public sealed class RdbCheckTests
{
    private const string Path = "/data/dump.rdb";
    private const int DamagedRounds = 80;

    private readonly SimulatedFiles _disk = new(1);

    [Fact]
    public void A_whole_file_is_told_with_what_is_in_it()
    {
        _disk.Place(Path, FileOfAllTypes());
        (int code, string said) = Check();
        Assert.Equal(0, code);
        Assert.Contains(" AUX FIELD redis-bits = '64'\n", said, StringComparison.Ordinal);
        Assert.Contains(" Selecting DB ID 0\n", said, StringComparison.Ordinal);
        Assert.Contains($"[offset {_disk.Content(Path).Length}] Checksum OK\n", said, StringComparison.Ordinal);
        Assert.Contains(@"\o/ RDB looks OK! \o/", said, StringComparison.Ordinal);
        Assert.EndsWith("[info] 7 keys read\n[info] 1 expires\n[info] 0 already expired\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_told_with_its_place_and_what_was_read_there()
    {
        byte[] file = [.. "REDIS0010"u8, 0xFE, 0, 0, 1, (byte)'a', 1, (byte)'1', 2, 1, (byte)'s', 2, 1, (byte)'m', 1, (byte)'m', 0xFF];
        _disk.Place(Path, [.. file, .. BitConverter.GetBytes(Crc64.Append(0, file))]);
        (int code, string said) = Check();
        Assert.Equal(1, code);
        Assert.Contains("--- RDB ERROR DETECTED ---\n[offset 24] an element is there twice\n[additional info] While doing: read-object-value\n"
            + "[additional info] Reading key 's'\n[additional info] Reading type 2 (set-hashtable)\n[info] 2 keys read\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_and_none()
    {
        byte[] file = [.. "REDIS0010"u8, 0xFE, 0, 0, 1, (byte)'a', 1, (byte)'1', 0xFF];
        _disk.Place(Path, [.. file, .. new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }]);
        Assert.Contains("RDB CRC error", Check().Said, StringComparison.Ordinal);
        _disk.Place(Path, [.. file, .. new byte[8]]);
        (int code, string said) = Check();
        Assert.Equal(0, code);
        Assert.Contains("no check performed", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_file_is_refused_where_a_start_refuses_it_and_fails_nothing(int seed)
    {
        byte[] file = FileOfAllTypes();
        var random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < DamagedRounds; round++)
        {
            byte[] damaged = file[..(random.Next(3) == 0 ? random.Next(file.Length) : file.Length - 8)];
            for (int changes = random.Next(1, 3); changes > 0; changes--) if (damaged.Length > 0) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _disk.Place(Path, [.. damaged, .. BitConverter.GetBytes(Crc64.Append(0, damaged))]);
            (int code, string said) = Check();
            // A start knows more: which keys there are already, which databases there are.
            if (code == 1) Assert.Throws<PersistenceException>(() => FolderFixture.Start(_disk));
            if (code == 1) Assert.Contains("--- RDB ERROR DETECTED ---\n[offset ", said, StringComparison.Ordinal);
            refused += code;
        }
        Assert.True(refused > DamagedRounds / 8, $"{refused} refused");
    }

    private (int Code, string Said) Check()
    {
        using var said = new StringWriter { NewLine = "\n" };
        int code = new FileChecks(new CheckOutput(said, TextWriter.Null), TextReader.Null, TimeProvider.System, _disk).Rdb([Path]);
        return (code, said.ToString());
    }

    private byte[] FileOfAllTypes()
    {
        using FolderFixture server = FolderFixture.Start(new SimulatedFiles(1));
        foreach (string command in (string[])["SET s some-text", "SET n 12345 PX 100000000000000", "RPUSH l a b 1 2 3", "SADD i 1 2 3", "SADD t x y z"])
            server.Run(command);
        for (int i = 0; i < 600; i++)
        {
            server.Run($"HSET large field:{i} {i}");
            server.Run($"ZADD ranks {i}.5 member:{i}");
        }
        return server.Saved();
    }
}
