using System.Globalization;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>Back to a point in time, rewrites that begin by themselves, WAITAOF, and a log whose end is damaged.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public void A_log_is_taken_back_to_a_second()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", "yes", "--aof-timestamp-enabled", "yes", "--appendfsync", "always");
        long good;
        using (RespConnection client = server.Connect(20_000))
        {
            Assert.Equal("OK", client.Ask("SET", "a", "good").Text);
            good = Seconds(client);
            // The mistake is of a later second.
            Waiting.Until(() => Seconds(client) > good + 1, static () => "Time stands still.");
            Assert.Equal("OK", client.Ask("FLUSHALL").Text);
            Assert.Equal("OK", client.Ask("SET", "a", "bad").Text);
        }
        server.Kill();
        string manifest = Path.Combine(server.Directory, "appendonlydir", "appendonly.aof.manifest");
        using (ProgramRun check = ProgramRun.Start(Executables.Galley, server.Directory,
            ["check-aof", "--truncate-to-timestamp", (good + 1).ToString(CultureInfo.InvariantCulture), manifest]))
        {
            Assert.Equal(0, check.AwaitEnd());
        }
        server.Restart();
        using RespConnection again = server.Connect(20_000);
        Assert.Equal("good", again.Ask("GET", "a").Text);
        Assert.Equal("1", again.Ask("DBSIZE").Text);
    }

    [Fact]
    public void A_log_that_has_grown_is_rewritten_by_itself_and_not_below_its_least_size_nor_at_0_percent()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", "yes", "--auto-aof-rewrite-min-size", "64kb", "--auto-aof-rewrite-percentage", "0");
        using RespConnection client = server.Connect(20_000);
        Write(client, 200_000);
        Assert.Equal(0, Field(client, "aof_rewrites"));
        Assert.Equal("OK", client.Ask("CONFIG", "SET", "auto-aof-rewrite-min-size", "1gb", "auto-aof-rewrite-percentage", "100").Text);
        Write(client, 200_000);
        Assert.Equal(0, Field(client, "aof_rewrites"));
        Assert.Equal("OK", client.Ask("CONFIG", "SET", "auto-aof-rewrite-min-size", "64kb").Text);
        AwaitRewrites(client, 1);
        long baseSize = Field(client, "aof_base_size");
        Assert.True(Field(client, "aof_current_size") < 64 * 1024, "The key is one, and so is what is left of its writes.");
        // A hundred percent more than what the rewrite left, and the least size.
        Write(client, 60_000);
        Assert.Equal(1, Field(client, "aof_rewrites"));
        Write(client, (int)baseSize + 64 * 1024);
        AwaitRewrites(client, 2);
    }

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    [InlineData("no")]
    public void WAITAOF_returns_when_the_clients_writes_are_on_the_disk(string fsync)
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", "yes", "--appendfsync", fsync);
        using RespConnection client = server.Connect(20_000);
        Assert.Equal("OK", client.Ask("SET", "a", "1").Text);
        Reply reply = client.Ask("WAITAOF", "1", "0", "0");
        Assert.Equal(["1", "0"], reply.Items.Select(static item => item.Text));
        // No replica ever has them: the wait ends with its time.
        reply = client.Ask("WAITAOF", "1", "1", "50");
        Assert.Equal(["1", "0"], reply.Items.Select(static item => item.Text));
    }

    [Theory]
    [InlineData("100", true)]
    [InlineData("10", false)]
    [InlineData("0", false)]
    public void A_damaged_end_is_cut_off_where_it_is_as_short_as_was_allowed(string bytesMax, bool starts)
    {
        Oracle.DemandGalley();
        string folder = Directory.CreateTempSubdirectory("galley-damaged-").FullName;
        const string Whole = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
        const string Damaged = "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2!\n*3\r\n$3\r\nSET\r\n$1\r\nc\r\n$1\r\n3\r\n";
        try
        {
            string log = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "appendonlydir")).FullName, "appendonly.aof.1.incr.aof");
            File.WriteAllText(log, Whole + Damaged);
            File.WriteAllText(Path.Combine(folder, "appendonlydir", "appendonly.aof.manifest"), "file appendonly.aof.1.incr.aof seq 1 type i\n");
            using ProgramRun run = ProgramRun.Start(Executables.Galley, folder, ["--port", ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture),
                "--http-port", "0", "--save", "", "--dir", folder, "--appendonly", "yes", "--aof-load-corrupt-tail-max-size", bytesMax]);
            if (starts)
            {
                run.Await($"Truncating the AOF appendonly.aof.1.incr.aof at offset {Whole.Length}").Await("Ready to accept connections");
                run.Signal("KILL");
            }
            else
            {
                run.Await("Bad file format reading the append only file appendonly.aof.1.incr.aof");
            }
            run.AwaitEnd();
            Assert.Equal(starts ? Whole : Whole + Damaged, File.ReadAllText(log));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(RespConnection client, int bytes)
    {
        var value = new string('v', 10_000);
        for (; bytes > 0; bytes -= value.Length) Assert.Equal("OK", client.Ask("SET", "k", value).Text);
    }

    private static void AwaitRewrites(RespConnection client, int count) => Waiting.Until(
        () => Field(client, "aof_rewrites") == count && Field(client, "aof_rewrite_in_progress") == 0, () => $"There were {Field(client, "aof_rewrites")} rewrites.");

    private static long Field(RespConnection client, string name)
    {
        string line = client.Ask("INFO", "persistence").Text.Split("\r\n").Single(l => l.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }

    private static long Seconds(RespConnection client) => long.Parse(client.Ask("TIME").Items[0].Text, CultureInfo.InvariantCulture);
}
