using System.Globalization;
using Galley.Conformance.Processes;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>BACKUP, from START to a server that was started from its files, be it Galley or redis-server.</summary>
public sealed class BackupTests
{
    private const int Keys = 2000;

    [Theory]
    [InlineData("yes", "everysec")]
    [InlineData("yes", "always")]
    [InlineData("no", "everysec")]
    public void What_is_sealed_starts_a_server_with_the_data_of_that_moment(string appendOnly, string fsync)
    {
        Oracle.DemandGalley();
        Oracle.DemandRedis();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", appendOnly, "--appendfsync", fsync);
        using RespConnection client = server.Connect(20_000);
        Write(client, 0, Keys);
        Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
        Assert.StartsWith("ERR", client.Ask("BACKUP", "START").Text, StringComparison.Ordinal);
        // What changes while the base is written, and after it.
        Write(client, Keys, Keys);
        AwaitState(client, "incrementing");
        Assert.Matches(@"/backupdir/appendonly\.aof\.\d+\.base\.rdb$", Assert.Single(client.Ask("BACKUP", "LIST").Items).Text);
        Write(client, 2 * Keys, Keys);
        Assert.StartsWith("Background append only file rewriting", client.Ask("BGREWRITEAOF").Text, StringComparison.Ordinal);
        client.Ask("DEL", Key(0));
        client.Ask("SELECT", "3");
        client.Ask("SET", "other", "database");

        Assert.Equal("OK", client.Ask("BACKUP", "SEAL").Text);
        Assert.Equal("sealed", State(client));
        client.Ask("SET", "other", "later");
        client.Ask("SELECT", "0");
        client.Ask("SET", Key(1), "later");
        string[] files = [.. client.Ask("BACKUP", "LIST").Items.Select(static file => file.Text)];
        Assert.Equal(3, files.Length);
        Assert.EndsWith("/appendonly.aof.manifest", files[^1], StringComparison.Ordinal);
        Assert.Equal("appendonly", client.Ask("CONFIG", "GET", "appendonly").Items[0].Text);
        Assert.Equal(appendOnly, client.Ask("CONFIG", "GET", "appendonly").Items[1].Text);

        AssertStarts(files, static (folder, more) => ServerProcess.StartGalley(["--dir", folder, .. more]));
        AssertStarts(files, static (folder, more) => ServerProcess.StartRedis(["--dir", folder, .. more]));

        Assert.StartsWith("ERR", client.Ask("BACKUP", "START").Text, StringComparison.Ordinal);
        Assert.StartsWith("ERR", client.Ask("BACKUP", "ABORT").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask("BACKUP", "CLEANUP").Text);
        Assert.Equal("idle", State(client));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Directory, "backupdir")));
        Assert.StartsWith("ERR", client.Ask("BACKUP", "CLEANUP").Text, StringComparison.Ordinal);
        Assert.StartsWith("ERR", client.Ask("BACKUP", "SEAL").Text, StringComparison.Ordinal);
        if (appendOnly == "no") return;

        // The rewrite that had to wait, and the server's own files.
        Waiting.Until(() => client.Ask("INFO", "persistence").Text.Contains("aof_rewrites:2", StringComparison.Ordinal), static () => "The rewrite never came.");
        server.Restart();
        using RespConnection again = server.Connect(20_000);
        Assert.Equal("later", again.Ask("GET", Key(1)).Text);
        Assert.Equal(3 * Keys - 1, Count(again));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void What_is_aborted_leaves_no_file_and_another_can_begin(string appendOnly)
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", appendOnly);
        using RespConnection client = server.Connect(20_000);
        Write(client, 0, Keys);
        foreach (string last in (string[])["snapshotting", "incrementing"])
        {
            Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
            if (last == "incrementing") AwaitState(client, last);
            Assert.Equal("OK", client.Ask("BACKUP", "ABORT").Text);
            Reply status = client.Ask("BACKUP", "STATUS");
            Assert.Equal("failed", status.Items[1].Text);
            Assert.NotEqual("", status.Items[3].Text);
            Waiting.Until(() => Directory.GetFiles(Path.Combine(server.Directory, "backupdir")).Length == 0, static () => "A file stays behind.");
        }
        Assert.Equal("OK", client.Ask("CONFIG", "SET", "backup-sealed-ttl", "1").Text);
        Waiting.Until(() => client.Ask("BACKUP", "START").Text == "OK", static () => "No other backup can begin.");
        AwaitState(client, "incrementing");
        Assert.Equal("OK", client.Ask("BACKUP", "SEAL").Text);
        AwaitState(client, "idle");
        Assert.Empty(client.Ask("BACKUP", "LIST").Items);

        File.WriteAllText(Path.Combine(server.Directory, "backupdir", "mine"), "");
        Assert.Equal("ERR the backup directory 'backupdir' is not empty", client.Ask("BACKUP", "START").Text);
        Assert.Equal("idle", State(client));
        if (appendOnly == "no") Assert.False(Directory.Exists(Path.Combine(server.Directory, "appendonlydir")));
    }

    [Fact]
    public void A_log_that_is_turned_off_ends_a_backup_and_one_that_is_the_backups_cannot_be_turned_on()
    {
        Oracle.DemandGalley();
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", "yes");
        using RespConnection client = server.Connect(20_000);
        Write(client, 0, 10);
        Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
        AwaitState(client, "incrementing");
        Assert.Equal("OK", client.Ask("CONFIG", "SET", "appendonly", "no").Text);
        AwaitState(client, "failed");
        Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
        AwaitState(client, "incrementing");
        Assert.StartsWith("ERR CONFIG SET failed", client.Ask("CONFIG", "SET", "appendonly", "yes").Text, StringComparison.Ordinal);
        Assert.Contains("aof_enabled:0", client.Ask("INFO", "persistence").Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask("BACKUP", "SEAL").Text);
        Assert.Equal("OK", client.Ask("CONFIG", "SET", "appendonly", "yes").Text);
    }

    [Fact]
    public void A_disk_without_room_fails_the_backup_of_a_server_without_a_log_and_nothing_else()
    {
        Oracle.DemandGalley();
        using SmallDisk disk = SmallDisk.Make(6);
        using ServerProcess server = ServerProcess.StartGalley("--appendonly", "no", "--dir", disk.Path);
        using RespConnection client = server.Connect(20_000);
        Write(client, 0, 10);
        Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
        AwaitState(client, "incrementing");
        disk.Fill();
        var value = new string('v', 10_000);
        Waiting.Until(() => client.Ask("SET", "k", value).Text == "OK" && State(client) == "failed", static () => "The backup does not fail.");
        Assert.Contains("No space left on device", client.Ask("BACKUP", "STATUS").Items[3].Text, StringComparison.Ordinal);
        Assert.Equal("OK", client.Ask("SET", "k", "1").Text);
        disk.Free();
        Assert.Equal("OK", client.Ask("BACKUP", "START").Text);
        AwaitState(client, "incrementing");
    }

    private static void AssertStarts(string[] files, Func<string, string[], ServerProcess> start)
    {
        string folder = Directory.CreateTempSubdirectory("galley-restored-").FullName;
        try
        {
            string logs = Directory.CreateDirectory(Path.Combine(folder, "appendonlydir")).FullName;
            foreach (string file in files) File.Copy(file, Path.Combine(logs, Path.GetFileName(file)));
            using ServerProcess restored = start(folder, ["--appendonly", "yes"]);
            using RespConnection client = restored.Connect(20_000);
            Waiting.Until(() => Count(client) == 3 * Keys - 1, () => $"{restored.Name} has {Count(client)} keys.");
            Assert.Equal("value 1", client.Ask("GET", Key(1)).Text);
            client.Ask("SELECT", "3");
            Assert.Equal("database", client.Ask("GET", "other").Text);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(RespConnection client, int first, int count)
    {
        client.Send([.. Enumerable.Range(first, count).SelectMany(static n => CommandLine.Encode("SET", Key(n), $"value {n}"))]);
        for (int i = 0; i < count; i++) Assert.Equal("OK", client.Read().Text);
    }

    private static long Count(RespConnection client) => client.Ask("DBSIZE").TryInteger(out long count) ? count : -1;

    private static string State(RespConnection client) => client.Ask("BACKUP", "STATUS").Items[1].Text;

    private static void AwaitState(RespConnection client, string state) =>
        Waiting.Until(() => State(client) == state, () => $"The backup is not {state}: {string.Join(' ', client.Ask("BACKUP", "STATUS").Items.Select(static i => i.Text))}");

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"k:{number}");
}
