using System.Globalization;
using Galley.Store.Persistence.Aof;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// The same folder under redis-server 7 and under Galley, in both directions, on the real file system.
/// </summary>
public sealed class RedisServerFolderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("galley").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("appendonly.aof")]
    [InlineData("my \"file\".aof")]
    [InlineData("é.aof")]
    public void Redis_server_loads_what_Galley_wrote_and_rewrote(string fileName)
    {
        RedisServerOracle.Demand();
        AofOptions options = Options(fileName);
        long offset = 0;
        using (AppendOnlyFile log = AppendOnlyFile.Open(options))
        {
            Append(log, ref offset, Commands.Of("SELECT", "3"), Commands.Of("SET", "before", "1"));
            using var done = new ManualResetEventSlim();
            AofRewrite rewrite = log.BeginRewrite();
            Append(log, ref offset, Commands.Of("MULTI"), Commands.Of("INCR", "before"), Commands.Of("EXEC"));
            rewrite.Append(Commands.Join(Commands.Of("SELECT", "3"), Commands.Of("SET", "before", "1")));
            rewrite.Complete(failure =>
            {
                Assert.Null(failure);
                done.Set();
            });
            Assert.True(done.Wait(10_000, TestContext.Current.CancellationToken));
            Append(log, ref offset, Commands.Of("SET", "after", "1"));
            log.FlushNow();
        }

        Assert.Equal([$"{fileName}.2.base.aof", $"{fileName}.2.incr.aof", $"{fileName}.manifest"], FolderNames());
        using var server = new RedisServerOracle(_directory, "--appendonly", "yes", "--appendfilename", fileName);
        server.Send("SELECT", "3");
        Assert.Equal("*2\r\n$1\r\n2\r\n$1\r\n1\r\n", server.Send("MGET", "before", "after"));
    }

    [Fact]
    public void Galley_loads_what_redis_server_wrote_rewrote_and_left_torn()
    {
        RedisServerOracle.Demand();
        using (var server = new RedisServerOracle(_directory, "--appendonly", "yes", "--aof-use-rdb-preamble", "no", "--aof-timestamp-enabled", "yes"))
        {
            server.Send("SET", "a", "1");
            server.Send("BGREWRITEAOF");
            server.Await("aof_rewrites", "1");
            server.Await("aof_rewrite_in_progress", "0");
            server.Send("SELECT", "2");
            server.Send("MULTI");
            server.Send("SET", "b", "x");
            server.Send("RPUSH", "l", "1");
            server.Send("EXEC");
            server.Send("SET", "c", "y");
        }
        string last = Path.Combine(_directory, "appendonlydir", "appendonly.aof.2.incr.aof");
        using (FileStream file = File.OpenWrite(last)) file.SetLength(file.Length - 3);

        var target = new RecordingTarget();
        AofLoader.Load(Options("appendonly.aof"), target);

        Assert.Equal(["0: SET a 1", "2: SET b x", "2: RPUSH l 1"], target.Applied);
    }

    [Fact]
    public void Galley_goes_on_where_redis_server_stopped_and_back()
    {
        RedisServerOracle.Demand();
        using (var server = new RedisServerOracle(_directory, "--appendonly", "yes", "--aof-use-rdb-preamble", "no")) server.Send("SET", "n", "1");
        for (int round = 2; round < 5; round++)
        {
            AofLoader.Load(Options("appendonly.aof"), new RecordingTarget());
            using (AppendOnlyFile log = AppendOnlyFile.Open(Options("appendonly.aof")))
            {
                long offset = 0;
                Append(log, ref offset, Commands.Of("SELECT", "0"), Commands.Of("INCR", "n"));
            }
            using var server = new RedisServerOracle(_directory, "--appendonly", "yes", "--aof-use-rdb-preamble", "no");
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"$1\r\n{round}\r\n"), server.Send("GET", "n"));
        }
    }

    /// <summary>
    /// The names and the manifest at each step, compared with what redis-server makes in the same steps.
    /// </summary>
    [Fact]
    public void The_folder_looks_as_redis_server_leaves_it()
    {
        RedisServerOracle.Demand();
        string other = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;
        using (var server = new RedisServerOracle(other, "--appendonly", "yes", "--aof-use-rdb-preamble", "no"))
        using (AppendOnlyFile log = AppendOnlyFile.Open(Options("appendonly.aof")))
        {
            Assert.Equal(Look(other), Look(_directory));
            using var done = new ManualResetEventSlim();
            log.BeginRewrite().Complete(_ => done.Set());
            server.Send("BGREWRITEAOF");
            server.Await("aof_rewrites", "1");
            server.Await("aof_rewrite_in_progress", "0");
            Assert.True(done.Wait(10_000, TestContext.Current.CancellationToken));
        }
        // The history goes in the background, of both of them.
        SpinWait.SpinUntil(() => Look(other) == Look(_directory), 5000);
        Assert.Equal(Look(other), Look(_directory));
    }

    private static string Look(string directory)
    {
        string folder = Path.Combine(directory, "appendonlydir");
        return string.Join('\n', Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
            + "\n" + File.ReadAllText(Path.Combine(folder, "appendonly.aof.manifest"));
    }

    private AofOptions Options(string fileName) => new() { Directory = _directory, FileName = fileName, Policy = FsyncPolicy.Always };

    private string[] FolderNames()
    {
        string folder = Path.Combine(_directory, "appendonlydir");
        SpinWait.SpinUntil(() => Directory.GetFiles(folder).Length == 3, 5000);
        return [.. Directory.GetFiles(folder).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
    }

    private static void Append(AppendOnlyFile log, ref long offset, params byte[][] commands)
    {
        byte[] bytes = Commands.Join(commands);
        offset += bytes.Length;
        log.Accept(bytes, offset);
        log.Commit(mayFlush: false);
    }
}
