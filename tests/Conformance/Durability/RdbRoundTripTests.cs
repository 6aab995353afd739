using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Durability;

/// <summary>Files that one of the two servers writes and the other reads: values of every type and encoding, small, at the threshold and large.</summary>
public sealed class RdbRoundTripTests
{
    private const string Dump = "dump.rdb";
    private const string LogFolder = "appendonlydir";

    /// <summary>Elements of values that Galley writes down in turns.</summary>
    private const int Huge = 5000;

    private static readonly int[] Sizes = [1, 2, 127, 128, 129, 512, 513, 3000, Huge];

    [Fact]
    public void What_redis_saves_is_loaded()
    {
        using var redis = ServerProcess.StartRedis();
        using var galley = ServerProcess.StartGalley();
        Fill(redis);
        Dictionary<string, string> expected = Content(redis);
        Ask(redis, "SAVE");
        Ask(galley, "SET", "old", "value");
        File.Copy(Path.Combine(redis.Directory, Dump), Path.Combine(galley.Directory, Dump));
        galley.Restart();
        Same(expected, Content(galley));
        Ask(galley, "DEBUG", "RELOAD");
        Same(expected, Content(galley));
    }

    [Theory]
    [InlineData("SAVE", false)]
    [InlineData("BGSAVE", false)]
    [InlineData("BGSAVE", true)]
    public void What_Galley_saves_redis_loads(string command, bool isChangedMeanwhile)
    {
        using var redis = ServerProcess.StartRedis();
        using var galley = ServerProcess.StartGalley();
        Fill(galley);
        Dictionary<string, string> expected = Content(galley);
        string file = Path.Combine(galley.Directory, Dump);
        if (isChangedMeanwhile) AskAndChange(galley, command);
        else Ask(galley, command);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(file), 20_000), "No file came.");
        File.Copy(file, Path.Combine(redis.Directory, Dump));
        redis.Restart();
        Same(expected, Content(redis));
    }

    [Fact]
    public void The_log_of_either_is_read_by_the_other_its_base_in_RDB_form()
    {
        using var redis = ServerProcess.StartRedis("--appendonly", "yes");
        using var galley = ServerProcess.StartGalley("--appendonly", "yes");
        Fill(galley);
        Rewrite(galley);
        Ask(galley, "SET", "after", "the base");
        Dictionary<string, string> expected = Content(galley);
        galley.Kill();
        redis.Kill();
        Move(galley, redis);
        redis.Restart();
        Same(expected, Content(redis));

        Rewrite(redis);
        Ask(redis, "SET", "after", "another base");
        expected = Content(redis);
        redis.Kill();
        Move(redis, galley);
        galley.Restart();
        Same(expected, Content(galley));
    }

    private static void Fill(ServerProcess server)
    {
        using RespConnection c = server.Connect();
        var random = new Random(11);
        foreach (string text in (string[])["", "a", "0", "-129", "32768", "9223372036854775807", "007", "3.14", new('r', 100), new('r', 100_000)])
            c.Ask("SET", "string:" + text[..Math.Min(20, text.Length)] + text.Length, text);
        c.Ask("SET", "expires", "soon");
        c.Ask("PEXPIREAT", "expires", "4102444800000");
        c.Ask("SETBIT", "bits", "100000", "1");
        foreach (int size in Sizes)
        {
            for (int i = 0; i < size; i++)
            {
                string number = random.NextInt64(-1_000_000, 1L << random.Next(1, 62)).ToString(CultureInfo.InvariantCulture);
                string word = new('w', random.Next(0, 40));
                c.Ask("RPUSH", $"list:{size}", random.Next(2) == 0 ? number : word + i);
                c.Ask("SADD", $"integers:{size}", number);
                c.Ask("SADD", $"words:{size}", word + i);
                c.Ask("HSET", $"hash:{size}", "field:" + i, random.Next(2) == 0 ? number : word);
                c.Ask("ZADD", $"ranks:{size}", random.Next(3) == 0 ? number : (random.NextDouble() * 1e9).ToString("R", CultureInfo.InvariantCulture), "m" + i);
            }
        }
        c.Ask("RPUSH", "list:long", new string('l', 30_000), "short", new string('m', 9000));
        c.Ask("SADD", "words:long", new string('l', 100));
        c.Ask("HSET", "hash:long", "field", new string('v', 70), "another", new string('v', 200_000));
        c.Ask("ZADD", "ranks:long", "inf", new string('m', 65), "-inf", "first");
        c.Ask("SET", "string:huge", new string('h', 700_000));
        c.Ask("SET", "string:noise", string.Concat(Enumerable.Range(0, 700_000).Select(_ => (char)random.Next(33, 126))));
        for (int i = 0; i < Huge; i++) c.Ask("XADD", "stream", $"{i + 1}-1", "field", new string('w', random.Next(0, 40)));
        c.Ask("XGROUP", "CREATE", "stream", "group", "0");
        c.Ask("XREADGROUP", "GROUP", "group", "consumer", "COUNT", "100", "STREAMS", "stream", ">");
        c.Ask("SELECT", "9");
        c.Ask("SET", "elsewhere", "value");
    }

    /// <summary>Sends a command and, in the same breath, others that change what it is to see.</summary>
    private static void AskAndChange(ServerProcess server, string command)
    {
        using RespConnection c = server.Connect(timeoutMs: 20_000);
        List<byte[]> sent = [CommandLine.Encode(command)];
        for (int i = 0; i < 50; i++)
        {
            sent.Add(CommandLine.Encode("HSET", $"hash:{Huge}", $"field:{i * 97}", "changed"));
            sent.Add(CommandLine.Encode("SREM", $"words:{Huge}", $"w{i}"));
            sent.Add(CommandLine.Encode("SPOP", $"words:{Huge}"));
            sent.Add(CommandLine.Encode("ZADD", $"ranks:{Huge}", $"{i}", $"m{i * 89}"));
            sent.Add(CommandLine.Encode("LSET", $"list:{Huge}", $"{i * 83}", "changed"));
            sent.Add(CommandLine.Encode("LPOP", $"list:{Huge}"));
            sent.Add(CommandLine.Encode("XDEL", "stream", $"{(i * 79) + 1}-1"));
        }
        sent.Add(CommandLine.Encode("SETRANGE", "string:noise", "1000", "changed"));
        sent.Add(CommandLine.Encode("RENAME", $"hash:{Huge}", "renamed"));
        sent.Add(CommandLine.Encode("DEL", $"ranks:{Huge}", "string:huge"));
        c.Send([.. sent.SelectMany(bytes => bytes)]);
        foreach (byte[] _ in sent) Assert.False(c.Read().IsError);
    }

    /// <summary>Every key of two databases with its type, its expiry and all that it holds.</summary>
    private static Dictionary<string, string> Content(ServerProcess server)
    {
        var content = new Dictionary<string, string>();
        using RespConnection c = server.Connect(timeoutMs: 20_000);
        foreach (string database in (string[])["0", "9"])
        {
            c.Ask("SELECT", database);
            foreach (Reply key in c.Ask("KEYS", "*").Items)
            {
                string type = c.Ask("TYPE", key.Text).Text;
                string encoding = c.Ask("OBJECT", "ENCODING", key.Text).Text;
                // The set's listpack is newer than 7.0.15.
                if (type == "set" && encoding == "listpack") encoding = "hashtable";
                content[database + "/" + key.Text] = $"{encoding} {c.Ask("PEXPIRETIME", key.Text).Text} {Value(c, type, key.Text)}";
            }
        }
        return content;
    }

    private static string Value(RespConnection c, string type, string key) => type switch
    {
        "string" => c.Ask("GET", key).Text,
        "list" => Joined(c.Ask("LRANGE", key, "0", "-1"), 1, isSorted: false),
        "zset" => Joined(c.Ask("ZRANGE", key, "0", "-1", "WITHSCORES"), 1, isSorted: false),
        "stream" => c.Ask("DEBUG", "DIGEST-VALUE", key).Items[0].Text,
        "set" => Joined(c.Ask("SSCAN", key, "0", "COUNT", "100000").Items[1], 1, isSorted: true),
        _ => Joined(c.Ask("HGETALL", key), 2, isSorted: true),
    };

    private static string Joined(Reply reply, int words, bool isSorted)
    {
        IEnumerable<string> parts = reply.Items.Chunk(words).Select(part => string.Join('=', part.Select(word => word.Text)));
        return string.Join(',', isSorted ? parts.Order(StringComparer.Ordinal) : parts);
    }

    private static void Same(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach ((string key, string value) in expected)
            Assert.True(value == actual[key], $"{key}: {Head(value)} became {Head(actual[key])}");

        static string Head(string text) => text[..Math.Min(200, text.Length)];
    }

    private static void Rewrite(ServerProcess server)
    {
        using RespConnection c = server.Connect();
        Assert.False(c.Ask("BGREWRITEAOF").IsError);
        bool ended = SpinWait.SpinUntil(() => c.Ask("INFO", "persistence").Text is var info
            && info.Contains("aof_rewrite_in_progress:0", StringComparison.Ordinal)
            && info.Contains("aof_rewrite_scheduled:0", StringComparison.Ordinal), 20_000);
        Assert.True(ended, "The rewrite did not end.");
        Assert.Single(Directory.GetFiles(Path.Combine(server.Directory, LogFolder), "*.base.rdb"));
    }

    private static void Move(ServerProcess from, ServerProcess to)
    {
        string target = Path.Combine(to.Directory, LogFolder);
        if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
        Directory.Move(Path.Combine(from.Directory, LogFolder), target);
    }

    private static void Ask(ServerProcess server, params string[] words)
    {
        using RespConnection c = server.Connect(timeoutMs: 20_000);
        Reply reply = c.Ask(words);
        Assert.False(reply.IsError, $"{string.Join(' ', words)}: {reply.Text}");
    }
}
