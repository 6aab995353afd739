using System.Globalization;
using System.Text.RegularExpressions;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>
/// <c>galley check-rdb</c> and <c>check-aof</c> beside the tools of Redis, on files that redis-server wrote: whole, cut and
/// changed. Exit codes are the same, and so are the lines that scripts look for.
/// </summary>
public sealed partial class CheckToolTests : IDisposable
{
    private const int Cuts = 12;

    private static readonly string? RedisCheckRdb = Executables.OnPath("redis-check-rdb");
    private static readonly string? RedisCheckAof = Executables.OnPath("redis-check-aof");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-check-");
    private readonly string _logFolder;

    public CheckToolTests()
    {
        Oracle.DemandGalley();
        Oracle.Demand(RedisCheckAof, "redis-check-aof", "apt-get install redis-tools");
        _logFolder = Path.Combine(_folder.FullName, "appendonlydir");
        Write();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_RDB_file_whole_cut_and_changed()
    {
        byte[] whole = File.ReadAllBytes(At("dump.rdb"));
        Compare(RedisCheckRdb!, "check-rdb", ["dump.rdb"], RdbLine());
        for (int i = 0; i < Cuts; i++)
        {
            File.WriteAllBytes(At("cut.rdb"), whole[..(whole.Length * i / Cuts)]);
            Compare(RedisCheckRdb!, "check-rdb", ["cut.rdb"], CutRdbLine());
        }
        byte[] changed = [.. whole];
        changed[^3] ^= 1;
        File.WriteAllBytes(At("changed.rdb"), changed);
        Compare(RedisCheckRdb!, "check-rdb", ["changed.rdb"], RdbLine());
        Compare(RedisCheckRdb!, "check-rdb", ["gone.rdb"], RdbLine());
    }

    [Fact]
    public void A_set_whole_cut_and_fixed()
    {
        string log = Directory.GetFiles(_logFolder, "*.incr.aof").Single();
        byte[] whole = File.ReadAllBytes(log);
        CompareSet([], "");
        for (int i = 0; i < Cuts; i++)
        {
            byte[] part = whole[..(whole.Length * i / Cuts)];
            // redis-server takes a note without its end for whole, and what is written next goes into it: Galley cuts it off.
            if (part.AsSpan(part.AsSpan().LastIndexOf((byte)'\n') + 1).StartsWith("#"u8)) continue;
            File.WriteAllBytes(log, part);
            CompareSet([], "");
        }
        byte[] cut = whole[..^5];
        foreach (string answer in (string[])["", "n\n", "y\n"])
        {
            File.WriteAllBytes(log, cut);
            (int code, string said) = Run(RedisCheckAof!, ["--fix", ManifestPath], answer);
            byte[] left = File.ReadAllBytes(log);
            File.WriteAllBytes(log, cut);
            (int galleyCode, string galleySaid) = Run(Executables.Galley, ["check-aof", "--fix", ManifestPath], answer);
            Assert.Equal([code.ToString(CultureInfo.InvariantCulture), .. Lines(said, AofLine())], [galleyCode.ToString(CultureInfo.InvariantCulture), .. Lines(galleySaid, AofLine())]);
            Assert.Equal(left, File.ReadAllBytes(log));
        }
        File.WriteAllBytes(log, whole);
        File.WriteAllBytes(Directory.GetFiles(_logFolder, "*.base.rdb").Single(), [.. "REDIS0010"u8, 0xFE]);
        CompareSet([], "");
        File.Delete(Directory.GetFiles(_logFolder, "*.base.rdb").Single());
        CompareSet([], "");
    }

    [Fact]
    public void A_set_is_cut_at_a_time()
    {
        string log = Directory.GetFiles(_logFolder, "*.incr.aof").Single();
        byte[] whole = File.ReadAllBytes(log);
        long first = long.Parse(TimestampLine().Match(File.ReadAllText(log)).Groups[1].Value, CultureInfo.InvariantCulture);
        foreach (long seconds in (long[])[1, first - 1, first, first + 1000])
        {
            string[] options = ["--truncate-to-timestamp", seconds.ToString(CultureInfo.InvariantCulture)];
            File.WriteAllBytes(log, whole);
            (int code, string said) = Run(RedisCheckAof!, [.. options, ManifestPath], "");
            byte[] left = File.ReadAllBytes(log);
            File.WriteAllBytes(log, whole);
            (int galleyCode, string galleySaid) = Run(Executables.Galley, ["check-aof", .. options, ManifestPath], "");
            Assert.Equal([code.ToString(CultureInfo.InvariantCulture), .. Lines(said, AofLine())], [galleyCode.ToString(CultureInfo.InvariantCulture), .. Lines(galleySaid, AofLine())]);
            Assert.Equal(left, File.ReadAllBytes(log));
        }
    }

    [Fact]
    public void The_names_of_Redis_s_tools_call_it_as_well()
    {
        foreach (string tool in (string[])["redis-check-rdb", "redis-check-aof"])
        {
            string link = At(tool);
            File.CreateSymbolicLink(link, Executables.Galley);
            (int code, string said) = Run(link, ["dump.rdb"], "");
            Assert.Equal(0, code);
            Assert.Contains(@"\o/ RDB looks OK! \o/", said, StringComparison.Ordinal);
            Assert.Equal(tool == "redis-check-aof", said.Contains("AOF analyzed: filename=dump.rdb", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Galley_annotates_its_log_and_redis_server_reads_it()
    {
        using var galley = ServerProcess.StartGalley("--appendonly", "yes", "--aof-timestamp-enabled", "yes");
        using var redis = ServerProcess.StartRedis("--appendonly", "yes");
        using (RespConnection c = galley.Connect()) c.Ask("SET", "key", "value");
        galley.Kill();
        redis.Kill();
        string from = Path.Combine(galley.Directory, "appendonlydir"), to = Path.Combine(redis.Directory, "appendonlydir");
        Assert.Matches("^#TS:[0-9]+\r\n", File.ReadAllText(Directory.GetFiles(from, "*.incr.aof").Single()));
        Directory.Delete(to, recursive: true);
        Directory.Move(from, to);
        redis.Restart();
        using RespConnection r = redis.Connect();
        Assert.Equal("value", r.Ask("GET", "key").Text);
    }

    [GeneratedRegex(@"^(\[offset \d+\] .*(AUX|Selecting|Checksum|looks OK|CRC).*|\[info\] .*|--- RDB ERROR.*)$", RegexOptions.Multiline)]
    private static partial Regex RdbLine();

    /// <summary>Where a collection is cut, how much of it was read is the tool's own.</summary>
    [GeneratedRegex(@"^(\[offset \d+\] .*(AUX|Selecting|Checksum|looks OK).*|\[info\] \d+ (keys|already).*|--- RDB ERROR.*)$", RegexOptions.Multiline)]
    private static partial Regex CutRdbLine();

    [GeneratedRegex(@"^(AOF analyzed: .*(?=, ok_up_to_line).*(?<=diff=\d+)|.* is (valid|empty|not valid.*)|Start.*|All AOF.*|.*truncated AOF.*|Truncate nothing.*|.*aborting\.\.\.|This will.*|Cannot open.*)$", RegexOptions.Multiline)]
    private static partial Regex AofLine();

    [GeneratedRegex(@"ok_up_to_line=\d+")]
    private static partial Regex LineNumber();

    [GeneratedRegex("#TS:([0-9]+)")]
    private static partial Regex TimestampLine();

    private string ManifestPath => Path.Combine("appendonlydir", "appendonly.aof.manifest");

    private static string[] Lines(string said, Regex which) => [.. which.Matches(said).Select(line => LineNumber().Replace(line.Value, ""))];

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Compare(string tool, string check, string[] args, Regex lines)
    {
        (int code, string said) = Run(tool, args, "");
        (int galleyCode, string galleySaid) = Run(Executables.Galley, [check, .. args], "");
        Assert.True(code == galleyCode, $"{code}, and {galleyCode} of Galley:\n{said}\n{galleySaid}");
        Assert.Equal(Lines(said, lines), Lines(galleySaid, lines));
    }

    private void CompareSet(string[] options, string answers)
    {
        (int code, string said) = Run(RedisCheckAof!, [.. options, ManifestPath], answers);
        (int galleyCode, string galleySaid) = Run(Executables.Galley, ["check-aof", .. options, ManifestPath], answers);
        Assert.True(code == galleyCode, $"{code}, and {galleyCode} of Galley:\n{said}\n{galleySaid}");
        Assert.Equal(Lines(said, AofLine()), Lines(galleySaid, AofLine()));
    }

    private (int Code, string Output) Run(string program, string[] args, string input) =>
        ProgramRun.ToEnd(program, _folder.FullName, args, input);

    /// <summary>redis-server annotates its log when the second is another one.</summary>
    private static void NextSecond(RespConnection c)
    {
        string now = c.Ask("TIME").Items[0].Text;
        Waiting.Until(() => c.Ask("TIME").Items[0].Text != now, () => "The clock stands still.");
    }

    /// <summary>Values of most forms as redis-server saves them, and a log with times, a unit and another database.</summary>
    private void Write()
    {
        using var redis = ServerProcess.StartRedis("--appendonly", "yes", "--aof-timestamp-enabled", "yes");
        using RespConnection c = redis.Connect();
        c.Ask("SET", "string", "value");
        c.Ask("SET", "expires", "value", "PX", "100000000");
        for (int i = 0; i < 300; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            c.Ask("ZADD", "ranks", number, "member:" + i);
            c.Ask("HSET", "hash", "field:" + i, number);
            c.Ask("RPUSH", "list", "element:" + i);
        }
        c.Ask("SAVE");
        c.Ask("BGREWRITEAOF");
        Waiting.Until(() => c.Ask("INFO", "persistence").Text.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal)
            && c.Ask("INFO", "persistence").Text.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal), () => "The rewrite has no end.");
        NextSecond(c);
        c.Ask("SET", "a", "1");
        NextSecond(c);
        c.Ask("MULTI");
        c.Ask("SET", "b", "2");
        c.Ask("SET", "c", "3");
        c.Ask("EXEC");
        c.Ask("SELECT", "3");
        c.Ask("RPUSH", "l", "1", "2", "3");
        redis.Kill();
        File.Copy(Path.Combine(redis.Directory, "dump.rdb"), At("dump.rdb"));
        Directory.Move(Path.Combine(redis.Directory, "appendonlydir"), _logFolder);
    }
}
