using System.Globalization;
using System.Net;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>
/// A disk that is full, or cannot be written for another reason, under a running server: writes are refused in
/// redis-server's words, INFO, /readyz and the log say why, reads go on, nothing that was acknowledged is lost, and all is
/// well by itself once the disk is.
/// </summary>
public sealed class DiskTroubleTests
{
    private const string AofFull = "MISCONF Errors writing to the AOF file: No space left on device";
    private const string SavesFail = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.";
    private const int DiskMebibytes = 6;
    private const int WritesMax = 2000;

    private static readonly string Value = new('v', 1000);

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    [InlineData("no")]
    public async Task A_full_disk_stops_writes_until_there_is_room(string fsync)
    {
        Oracle.DemandGalley();
        using SmallDisk disk = SmallDisk.Make(DiskMebibytes);
        using ServerProcess server = Start(disk, "--appendonly", "yes", "--appendfsync", fsync);
        using var client = new Writing(server);
        client.Write(50);
        disk.Fill();
        // Under always the write that met the full disk waits for its answer; the others are told.
        string refusal = client.WriteUntilRefused();
        using RespConnection other = server.Connect(20_000);
        if (fsync != "always") Assert.Equal(AofFull, refusal);
        Waiting.Until(() => other.Ask("SET", "x", "1").Text == AofFull, static () => "It was waited for in vain that writes are refused.");
        Assert.Equal(AofFull, other.Ask("PING").Text);
        Assert.Equal("OK", other.Ask("MULTI").Text);
        Assert.Equal(AofFull, other.Ask("SET", "x", "1").Text);
        Assert.StartsWith("EXECABORT", other.Ask("EXEC").Text, StringComparison.Ordinal);
        Assert.Contains("aof_last_write_status:err", other.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await ReadyAsync(server, AofFull));
        Assert.Contains("Errors writing to the AOF file: No space left on device", server.Log, StringComparison.Ordinal);
        Assert.Equal(Value, other.Ask("GET", "k:0").Text);
        Assert.Equal("1", other.Ask("EXISTS", "k:1").Text);

        disk.Free();
        client.AwaitAnswer();
        Waiting.Until(() => other.Ask("SET", "x", "1").Text == "OK", static () => "It was waited for in vain that writes are taken again.");
        Assert.Contains("aof_last_write_status:ok", other.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, true), await ReadyAsync(server, "ok"));
        Assert.Contains("AOF write error looks solved", server.Log, StringComparison.Ordinal);
        client.Write(50);
        server.Restart();
        Assert.Empty(client.Lost(server));
    }

    [Fact]
    public async Task A_save_that_finds_no_room_stops_writes_until_one_succeeds()
    {
        Oracle.DemandGalley();
        using SmallDisk disk = SmallDisk.Make(DiskMebibytes);
        using ServerProcess server = Start(disk, "--save", "3600 1");
        using var client = new Writing(server);
        client.Write(50);
        disk.Fill();
        using RespConnection other = server.Connect(20_000);
        Save(other, "err");
        Assert.StartsWith(SavesFail, client.WriteUntilRefused(), StringComparison.Ordinal);
        Assert.StartsWith(SavesFail, other.Ask("PING").Text, StringComparison.Ordinal);
        Assert.Equal(Value, other.Ask("GET", "k:0").Text);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await ReadyAsync(server, SavesFail));
        Assert.Contains("Background saving error: No space left on device", server.Log, StringComparison.Ordinal);
        Assert.Equal("OK", other.Ask("CONFIG", "SET", "stop-writes-on-bgsave-error", "no").Text);
        Assert.Equal("OK", other.Ask("SET", "x", "1").Text);
        Assert.Equal("OK", other.Ask("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes").Text);

        disk.Free();
        // The point of a change in a second is due at once, but for the five seconds that follow a failure.
        Assert.Equal("OK", other.Ask("CONFIG", "SET", "save", "1 1").Text);
        Waiting.Until(() => other.Ask("SET", "x", "1").Text == "OK", static () => "It was waited for in vain that a save has succeeded by itself.");
        Assert.Equal((HttpStatusCode.OK, true), await ReadyAsync(server, "ok"));
        server.Restart();
        Assert.Empty(client.Lost(server));
    }

    [Fact]
    public void In_a_folder_that_has_become_read_only_saves_and_rewrites_fail_and_the_log_goes_on()
    {
        Oracle.DemandGalley();
        using SmallDisk disk = SmallDisk.Make(DiskMebibytes);
        using ServerProcess server = Start(disk, "--appendonly", "yes", "--appendfsync", "always");
        using var client = new Writing(server);
        client.Write(50);
        disk.MakeReadOnly();
        using RespConnection other = server.Connect(20_000);
        Save(other, "err");
        other.Ask("BGREWRITEAOF");
        Waiting.Until(() => Has(other, "aof_last_bgrewrite_status:err"), static () => "It was waited for in vain that the rewrite has failed.");
        Assert.StartsWith("ERR", other.Ask("SAVE").Text, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", server.Log, StringComparison.Ordinal);
        // No save point is set, so that a save that fails is nobody's worry; with one it is.
        client.Write(50);
        Assert.Equal("OK", other.Ask("CONFIG", "SET", "save", "3600 1").Text);
        Assert.StartsWith(SavesFail, other.Ask("SET", "x", "1").Text, StringComparison.Ordinal);

        disk.MakeWritable();
        Save(other, "ok");
        client.Write(50);
        other.Ask("BGREWRITEAOF");
        Waiting.Until(() => Has(other, "aof_last_bgrewrite_status:ok") && Has(other, "aof_rewrite_in_progress:0"), static () => "It was waited for in vain that the rewrite has succeeded.");
        server.Restart();
        Assert.Empty(client.Lost(server));
    }

    /// <summary>The same on both servers: what a client is told, and what INFO says.</summary>
    [Fact]
    public void A_full_disk_is_told_in_the_words_of_redis_server()
    {
        Oracle.DemandGalley();
        Oracle.DemandRedis();
        Assert.Equal(ToldBy(static disk => ServerProcess.StartRedis("--appendonly", "yes", "--dir", disk.Path)),
            ToldBy(static disk => ServerProcess.StartGalley("--appendonly", "yes", "--dir", disk.Path)));
    }

    private static List<string> ToldBy(Func<SmallDisk, ServerProcess> start)
    {
        using SmallDisk disk = SmallDisk.Make(DiskMebibytes);
        using ServerProcess server = start(disk);
        using RespConnection client = server.Connect(20_000);
        using RespConnection queueing = server.Connect(20_000);
        var told = new List<string> { queueing.Ask("MULTI").Text, queueing.Ask("SET", "in", "transaction").Text };
        disk.Fill();
        for (int i = 0; i < WritesMax && client.Ask("SET", "k", Value).Text == "OK"; i++) { }
        foreach (string[] command in (string[][])
            [["SET", "k", "1"], ["PING"], ["GET", "none"], ["DEL", "none"], ["PUBLISH", "c", "m"], ["ECHO", "e"], ["MULTI"], ["PING"], ["GET", "none"], ["EXEC"], ["FLUSHALL"]])
            told.Add(client.Ask(command).Text);
        told.Add(queueing.Ask("EXEC").Text);
        string info = client.Ask("INFO", "persistence").Text;
        told.AddRange(info.Split("\r\n").Where(static line => line.Contains("status", StringComparison.Ordinal)));
        disk.Free();
        Waiting.Until(() => client.Ask("SET", "k", "1").Text == "OK", static () => "It was waited for in vain that writes are taken again.");
        told.Add(client.Ask("PING").Text);
        return told;
    }

    private static ServerProcess Start(SmallDisk disk, params string[] more) =>
        ServerProcess.StartGalleyWithHttp(isAwaited: true, ["--dir", disk.Path, .. more]);

    private static void Save(RespConnection connection, string status)
    {
        Waiting.Until(() => connection.Ask("BGSAVE").Text.StartsWith("Background saving started", StringComparison.Ordinal), static () => "It was waited for in vain that a save begins.");
        Waiting.Until(() => Has(connection, "rdb_bgsave_in_progress:0"), static () => "It was waited for in vain that it ends.");
        Assert.Contains("rdb_last_bgsave_status:" + status, connection.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
    }

    private static bool Has(RespConnection connection, string line) =>
        connection.Ask("INFO", "persistence").Text.Contains(line, StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, bool SaysSo)> ReadyAsync(ServerProcess server, string text)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.HttpPort}") };
        using HttpResponseMessage answer = await http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        string said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, System.Text.RegularExpressions.Regex.Unescape(said).Contains(text, StringComparison.Ordinal));
    }

    /// <summary>A client that remembers which of its writes were acknowledged.</summary>
    private sealed class Writing(ServerProcess server) : IDisposable
    {
        private const int PatienceMs = 2000;

        private readonly RespConnection _connection = server.Connect(PatienceMs);
        private int _acknowledged;
        private bool _isUnanswered;

        public void Write(int count)
        {
            for (int i = 0; i < count; i++) Assert.Equal("OK", Next().Text);
        }

        /// <summary>The refusal; nothing where no answer comes.</summary>
        public string WriteUntilRefused()
        {
            for (int i = 0; i < WritesMax; i++)
            {
                Reply reply = Next();
                if (reply.IsMissing) _isUnanswered = true;
                if (reply.IsMissing || reply.Text != "OK") return reply.Text;
            }
            throw new InvalidOperationException("The disk is not full.");
        }

        /// <summary>The write that no answer came to has happened, once there is room.</summary>
        public void AwaitAnswer()
        {
            if (!_isUnanswered) return;
            Reply reply = default!;
            Waiting.Until(() => !(reply = _connection.Read()).IsMissing, static () => "It was waited for in vain that the write is answered.");
            Assert.Equal("OK", reply.Text);
            _acknowledged++;
            _isUnanswered = false;
        }

        public IEnumerable<string> Lost(ServerProcess restarted)
        {
            using RespConnection connection = restarted.Connect(20_000);
            for (int i = 0; i < _acknowledged; i++)
                if (connection.Ask("GET", Key(i)).Text != Value) yield return Key(i);
        }

        public void Dispose() => _connection.Dispose();

        private Reply Next()
        {
            Reply reply = _connection.Ask("SET", Key(_acknowledged), Value);
            if (reply.Text == "OK") _acknowledged++;
            return reply;
        }

        private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"k:{number}");
    }
}
