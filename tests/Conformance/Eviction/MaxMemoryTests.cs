using System.Collections.Concurrent;
using System.Globalization;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Eviction;

/// <summary>A server whose memory is bounded, as a process: what its writers see, and what its log says.</summary>
public sealed class MaxMemoryTests
{
    private const long LimitBytes = 8L << 20;

    /// <summary>What the buffers of the writers and one batch of commands may add before room is made again.</summary>
    private const long SlackBytes = 1 << 20;

    private const int Batches = 300;
    private const int BatchSize = 100;

    [Theory]
    [InlineData("allkeys-lru", 1)]
    [InlineData("allkeys-lfu", 4)]
    [InlineData("allkeys-lru", 16384)]
    [InlineData("volatile-lru", 1)]
    [InlineData("volatile-ttl", 4)]
    public void The_bound_holds_and_the_log_brings_back_what_is_left(string policy, int partitions)
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalley(
            "--appendonly", "yes", "--appendfsync", "no", "--partitions", partitions.ToString(CultureInfo.InvariantCulture));
        using RespConnection client = galley.Connect();
        client.Ask("CONFIG", "SET", "maxmemory-policy", policy, "maxmemory", LimitBytes.ToString(CultureInfo.InvariantCulture));
        var refusals = new ConcurrentQueue<string>();
        Thread[] writers = [.. Enumerable.Range(0, 2).Select(number => new Thread(() => Write(galley, number, refusals)))];
        foreach (Thread writer in writers) writer.Start();
        long most = 0;
        while (Array.Exists(writers, writer => writer.IsAlive)) most = Math.Max(most, Figure(client, "used_memory") - Figure(client, "mem_not_counted_for_evict"));
        foreach (Thread writer in writers) writer.Join();
        Assert.Empty(refusals);
        Assert.InRange(most, LimitBytes / 2, LimitBytes + SlackBytes);
        Assert.InRange(Figure(client, "evicted_keys"), 300, long.MaxValue);

        client.Ask("CONFIG", "SET", "maxmemory", "0");
        string before = client.Ask("DEBUG", "DIGEST").Text;
        Assert.True(SpinWait.SpinUntil(() => Figure(client, "mem_aof_buffer") == 0, 10_000));
        galley.Restart();
        using RespConnection after = galley.Connect();
        Assert.Equal(before, after.Ask("DEBUG", "DIGEST").Text);
        Assert.Equal("0", Field(after, "evicted_keys"));
    }

    [Fact]
    public void A_client_that_holds_too_much_is_cut_off_and_others_are_not()
    {
        Oracle.DemandGalley();
        using ServerProcess galley = ServerProcess.StartGalley("--maxmemory-clients", "2mb");
        using RespConnection client = galley.Connect();
        using RespConnection large = galley.Connect();
        using RespConnection spared = galley.Connect();
        spared.Ask("CLIENT", "NO-EVICT", "ON");
        large.Send("*2\r\n$4\r\nECHO\r\n$9000000\r\n"u8);
        large.Send(new byte[4_000_000]);
        Assert.Equal("(closed)", large.Read().Text);
        Assert.Equal("PONG", client.Ask("PING").Text);
        Assert.Equal("1", Field(client, "evicted_clients"));
        Assert.Equal("PONG", spared.Ask("PING").Text);
    }

    private static void Write(ServerProcess server, int number, ConcurrentQueue<string> refusals)
    {
        using RespConnection client = server.Connect(timeoutMs: 30_000);
        var random = new Random(number);
        for (int batch = 0; batch < Batches; batch++)
        {
            byte[] commands = [.. Enumerable.Range(0, BatchSize).SelectMany(_ => CommandLine.Encode(Command(random)))];
            client.Send(commands);
            for (int i = 0; i < BatchSize; i++)
            {
                Reply reply = client.Read();
                if (reply.IsError || reply.IsMissing) refusals.Enqueue(reply.Text);
                if (reply.IsMissing) return;
            }
        }
    }

    private static string[] Command(Random random)
    {
        // What does not expire must not fill the memory, for under some policies it stays.
        int kind = random.Next(6);
        string id = random.Next(kind < 2 ? 2000 : 30_000).ToString(CultureInfo.InvariantCulture);
        string value = new('v', random.Next(800));
        return kind switch
        {
            0 => ["HSET", "hash:" + id, "field", value],
            1 => ["SADD", "set:" + id, value[..(value.Length / 4)]],
            2 => ["EXPIRE", "string:" + id, "10000"],
            3 => ["GET", "string:" + id],
            _ => ["SET", "string:" + id, value, "EX", (1000 + random.Next(100_000)).ToString(CultureInfo.InvariantCulture)],
        };
    }

    private static long Figure(RespConnection client, string field) => long.Parse(Field(client, field), CultureInfo.InvariantCulture);

    private static string Field(RespConnection client, string field) =>
        client.Ask("INFO").Text.Split("\r\n").Single(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..];
}
