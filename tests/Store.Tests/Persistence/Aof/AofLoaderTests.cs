using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Engine;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// Sound, torn and damaged files; what redis-server 7.0.15 makes of each was tried on it, and is said where Galley
/// differs.
/// </summary>
public class AofLoaderTests
{
    private const string Folder = "/data/appendonlydir/";
    private const string First = "appendonly.aof.1.incr.aof";
    private const string Second = "appendonly.aof.2.incr.aof";

    private static readonly byte[] Select = Commands.Of("SELECT", "0");
    private static readonly byte[] A = Commands.Of("SET", "a", "1");
    private static readonly byte[] B = Commands.Of("SET", "b", "2");
    private static readonly byte[] Multi = Commands.Of("MULTI");
    private static readonly byte[] Exec = Commands.Of("EXEC");
    private static readonly byte[] Whole = Commands.Join(Select, A);

    [Fact]
    public void Base_and_increments_are_applied_in_the_order_of_the_manifest()
    {
        SimulatedFiles disk = DiskWith((First, A), (Second, B));
        disk.Place(Folder + "appendonly.aof.1.base.aof", Commands.Of("SET", "base", "0"));
        disk.Place(Folder + "appendonly.aof.manifest",
            Encoding.ASCII.GetBytes($"file {First} seq 1 type i\nfile appendonly.aof.1.base.aof seq 1 type b\nfile {Second} seq 2 type i\n"));

        Assert.Equal(["0: SET base 0", "0: SET a 1", "0: SET b 2"], Load(disk));
    }

    [Fact]
    public void Every_file_begins_with_database_0_selected()
    {
        SimulatedFiles disk = DiskWith((First, Commands.Join(Commands.Of("SELECT", "5"), A)), (Second, B));

        Assert.Equal(["5: SET a 1", "0: SET b 2"], Load(disk));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tail_torn_at_any_byte_is_cut_off_if_that_is_allowed(bool isAllowed)
    {
        byte[] tail = Commands.Of("SET", "b", "a value with\r\n*1\r\nin it");
        for (int kept = 1; kept < tail.Length; kept++)
        {
            SimulatedFiles disk = DiskWith((First, [.. Whole, .. tail[..kept]]));
            if (isAllowed)
            {
                Assert.Equal(["0: SET a 1"], Load(disk));
                Assert.Equal(Whole, disk.Content(Folder + First));
            }
            else
            {
                Assert.Contains("Unexpected end of file reading the append only file", Refusal(disk, loadsTruncated: false), StringComparison.Ordinal);
                Assert.Equal(Whole.Length + kept, disk.Content(Folder + First).Length);
            }
        }
    }

    /// <summary>
    /// redis-server leaves the MULTI of a torn unit behind, and everything after the next start is queued behind it.
    /// </summary>
    [Fact]
    public void A_unit_without_its_EXEC_is_cut_off_with_its_MULTI_and_nothing_of_it_is_applied()
    {
        byte[] unit = Commands.Join(Multi, B, A, Exec);
        for (int kept = 1; kept < unit.Length; kept++)
        {
            SimulatedFiles disk = DiskWith((First, [.. Whole, .. unit[..kept]]));

            Assert.Equal(["0: SET a 1"], Load(disk));
            Assert.Equal(Whole, disk.Content(Folder + First));
        }
        Assert.Equal(["0: SET a 1", "0: SET b 2", "0: SET a 1", "0: SET b 2"], Load(DiskWith((First, Commands.Join(Whole, unit, B)))));
    }

    /// <summary>
    /// redis-server refuses these; after a power cut a file system can leave the length without the content.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void A_tail_of_zeros_is_a_torn_tail(int kept)
    {
        SimulatedFiles disk = DiskWith((First, [.. Whole, .. B[..kept], .. new byte[600]]));

        Assert.Equal(["0: SET a 1"], Load(disk));
        Assert.Equal(Whole, disk.Content(Folder + First));
    }

    [Theory]
    [InlineData("garbage\r\n", 0)]
    [InlineData("*0\r\n", 0)]
    [InlineData("*-1\r\n", 1)]
    [InlineData("*\r\n", 1)]
    [InlineData("*1000000\r\n", 10)]
    [InlineData("*99999999999999999999\r\n", 11)]
    [InlineData("\0\0\0\0", 0)]
    [InlineData("*3xx\r\n", 2)]
    [InlineData("*1\r\n$4\r\nPINGxx", 12)]
    [InlineData("*1\r\n$-4\r\n", 5)]
    [InlineData("*1\r\n:4\r\n", 4)]
    [InlineData("SET a 1\r\n", 0)]
    public void Damage_in_the_middle_is_refused_with_file_and_offset_and_nothing_is_cut(string damage, int at)
    {
        SimulatedFiles disk = DiskWith((First, Commands.Join(Whole, Encoding.Latin1.GetBytes(damage), B)));
        byte[] before = disk.Content(Folder + First);

        Assert.Contains($"Bad file format reading the append only file {First} at offset {Whole.Length + at}:", Refusal(disk), StringComparison.Ordinal);
        Assert.Equal(before, disk.Content(Folder + First));
    }

    /// <summary>
    /// As in redis-server: a length past the end of the file cannot be told from a write that was torn.
    /// </summary>
    [Theory]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$999999999\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$9999999999\r\n")]
    public void A_length_past_the_end_is_torn_and_allocates_nothing(string header)
    {
        SimulatedFiles disk = DiskWith((First, Commands.Join(Whole, Encoding.Latin1.GetBytes(header), B)));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal(["0: SET a 1"], Load(disk));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Only_the_last_file_may_be_torn()
    {
        SimulatedFiles disk = DiskWith((First, [.. Whole, .. B[..5]]), (Second, B));

        Assert.Contains("the truncated file is not the last file", Refusal(disk), StringComparison.Ordinal);
        Assert.Contains("is not the last file", Refusal(DiskWith((First, Commands.Join(Whole, Multi, B)), (Second, []))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_counts_up_to_the_length_in_the_manifest_and_is_cut_there()
    {
        SimulatedFiles disk = DiskWith((First, [.. Whole, .. B[..7]]), (Second, B));
        disk.Place(Folder + "appendonly.aof.manifest",
            Encoding.ASCII.GetBytes($"file {First} seq 1 type i length {Whole.Length}\nfile {Second} seq 2 type i\n"));

        Assert.Equal(["0: SET a 1", "0: SET b 2"], Load(disk));
        Assert.Equal(Whole, disk.Content(Folder + First));
        disk.Place(Folder + First, Whole[..^1]);
        Assert.Contains("its end is lost", Refusal(disk), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_are_skipped() =>
        Assert.Equal(["0: SET a 1", "0: SET b 2"],
            Load(DiskWith((First, Commands.Join("#TS:1234\r\n"u8.ToArray(), Select, A, "#other\r\n"u8.ToArray(), B, "#TS:99"u8.ToArray())))));

    [Fact]
    public void An_EXEC_alone_and_a_MULTI_in_a_MULTI_are_read_past_as_redis_server_does() =>
        Assert.Equal(["0: SET a 1", "0: SET b 2", "0: SET a 1"], Load(DiskWith((First, Commands.Join(Whole, Exec, Multi, Multi, B, Exec, A)))));

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        SimulatedFiles disk = DiskWith((First, Whole));
        disk.Place(Folder + "appendonly.aof.manifest", Encoding.ASCII.GetBytes($"file {First} seq 1 type i\nfile {Second} seq 2 type i\n"));

        Assert.Contains($"{Second} is missing", Refusal(disk), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_a_manifest_stops_the_start()
    {
        var disk = new SimulatedFiles(1);
        disk.Place(Folder + "appendonly.aof.1.base.aof", []);
        Assert.Empty(Load(disk));
        disk.Place(Folder + First, Whole);

        Assert.Contains($"{First} holds data, but appendonly.aof.manifest is missing", Refusal(disk), StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_in_RDB_form_needs_somebody_who_reads_it() =>
        Assert.Contains("is in RDB form", Refusal(DiskWith((First, "REDIS0010\xfa"u8.ToArray()))), StringComparison.Ordinal);

    [Fact]
    public void A_command_that_cannot_be_run_stops_the_start_with_its_place()
    {
        var failure = Assert.Throws<PersistenceException>(() => AofLoader.Load(Options(DiskWith((First, Whole))), new RefusingTarget()));

        Assert.Contains($"Can't run the command 'SET' at offset {Select.Length} of AOF file {First}: not here", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_single_file_of_an_old_redis_server_is_moved_into_the_folder()
    {
        var disk = new SimulatedFiles(1);
        disk.Place("/data/appendonly.aof", Whole);

        Assert.Equal(["0: SET a 1"], Load(disk));
        Assert.Equal("file appendonly.aof seq 1 type b\n"u8, disk.Content(Folder + "appendonly.aof.manifest"));
        Assert.False(disk.Exists("/data/appendonly.aof"));
        Assert.Equal(["0: SET a 1"], Load(disk.PowerCut()));
    }

    [Fact]
    public void Commands_longer_than_the_buffer_and_across_its_end_are_read_whole()
    {
        var random = new Random(1);
        var bytes = new List<byte>();
        var expected = new List<string>();
        foreach (int length in Enumerable.Range(0, 300).Select(_ => random.Next(20_000)).Append(3 << 20).Append(0).Append((1 << 20) - 30).Append(5))
        {
            string value = new((char)('a' + length % 26), length);
            bytes.AddRange(Commands.Of("SET", "k", value));
            expected.Add($"0: SET k {value}");
        }
        long heard = 0;
        var target = new RecordingTarget();

        AofLoadResult result = AofLoader.Load(Options(DiskWith((First, [.. bytes]))), target, (loaded, total) =>
        {
            Assert.InRange(loaded, heard, total);
            heard = loaded;
        });

        Assert.Equal(expected, target.Applied);
        Assert.Equal(new AofLoadResult(expected.Count, bytes.Count, 0), result);
        Assert.Equal(bytes.Count, heard);
    }

    [Fact]
    public void Bytes_at_random_end_in_words_or_in_whole_commands()
    {
        var random = new Random(4711);
        byte[] valid = Commands.Join(Select, A, Multi, B, Exec, "#TS:1\r\n"u8.ToArray(), Commands.Of("SET", "c", new string('x', 100)), B);
        for (int i = 0; i < 5000; i++)
        {
            byte[] text = [.. valid];
            for (int flips = random.Next(1, 4); flips > 0; flips--) text[random.Next(text.Length)] = (byte)random.Next(256);
            try
            {
                var target = new CountingTarget();
                AofLoader.Load(Options(DiskWith((First, text[..random.Next(text.Length + 1)]))), target);
                Assert.InRange(target.Commands, 1, 10);
            }
            catch (PersistenceException)
            {
                // Refused in words, which is one of the two allowed ends.
            }
        }
    }

    private static SimulatedFiles DiskWith(params (string Name, byte[] Content)[] increments)
    {
        var disk = new SimulatedFiles(1);
        var manifest = new StringBuilder();
        for (int i = 0; i < increments.Length; i++)
        {
            disk.Place(Folder + increments[i].Name, increments[i].Content);
            manifest.Append(System.Globalization.CultureInfo.InvariantCulture, $"file {increments[i].Name} seq {i + 1} type i\n");
        }
        disk.Place(Folder + "appendonly.aof.manifest", Encoding.ASCII.GetBytes(manifest.ToString()));
        return disk;
    }

    private static AofOptions Options(SimulatedFiles disk, bool loadsTruncated = true) =>
        new() { Files = disk, Directory = "/data", LoadsTruncated = loadsTruncated };

    private static List<string> Load(SimulatedFiles disk)
    {
        var target = new RecordingTarget();
        AofLoader.Load(Options(disk), target);
        Assert.False(target.IsInUnit);
        return target.Applied;
    }

    private static string Refusal(SimulatedFiles disk, bool loadsTruncated = true) =>
        Assert.Throws<PersistenceException>(() => AofLoader.Load(Options(disk, loadsTruncated), new RecordingTarget())).Message;

    private sealed class RefusingTarget : IEffectTarget
    {
        public void Apply(in Arguments command)
        {
            if (!command[0].SequenceEqual("SELECT"u8)) throw new InvalidOperationException("not here");
        }
    }

    private sealed class CountingTarget : IEffectTarget
    {
        public int Commands { get; private set; }

        public void Apply(in Arguments command)
        {
            for (int i = 0; i < command.Count; i++) _ = command[i].Length;
            Commands++;
        }
    }
}
