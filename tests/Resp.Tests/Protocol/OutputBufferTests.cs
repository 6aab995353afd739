using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Resp.Tests.Protocol;

public sealed class OutputBufferTests
{
    [Fact]
    public void What_was_detached_is_pending_until_it_is_sent()
    {
        var output = new OutputBuffer();
        var queue = new SendQueue();
        output.Append("abc"u8);
        Assert.Equal(3, output.PendingBytes);
        output.DetachTo(queue);
        output.Append("de"u8);
        Assert.Equal(5, output.PendingBytes);
        Assert.Equal("abc", Sent(output, queue));
        Assert.Equal(2, output.PendingBytes);
        Assert.Equal("de", Text(output));
        Assert.Equal(0, output.PendingBytes);
        Assert.True(output.IsEmpty);
    }

    [Fact]
    public void Each_piece_waits_for_its_ticket()
    {
        var output = new OutputBuffer();
        var queue = new SendQueue();
        output.Append("free"u8);
        output.HoldTicket = 5;
        output.Append("held"u8);
        output.DetachTo(queue);
        output.HoldTicket = 9;
        output.Append("longer"u8);
        output.HoldTicket = 0;
        output.Append("behind"u8);
        output.DetachTo(queue);
        Assert.Equal("free", Sent(output, queue, released: 4));
        Assert.Equal("", Sent(output, queue, released: 4));
        Assert.Equal("held", Sent(output, queue, released: 8));
        Assert.Equal("longerbehind", Sent(output, queue, released: 9));
        output.Append("x"u8);
        output.DetachTo(queue);
        Assert.Equal("x", Sent(output, queue, released: 0));
    }

    [Fact]
    public void What_was_written_before_waits_too_when_all_is_held()
    {
        var output = new OutputBuffer();
        var queue = new SendQueue();
        output.Append("first"u8);
        output.AppendShared(new byte[2000]);
        output.HoldAll(5);
        output.Append("second"u8);
        output.DetachTo(queue);
        Assert.Equal("", Sent(output, queue, released: 4));
        Assert.Equal(5 + 2000 + 6, Sent(output, queue, released: 5).Length);
    }

    [Fact]
    public void Truncation_goes_back_over_chunks_shared_bytes_and_tickets()
    {
        var random = new Random(21);
        for (int round = 0; round < 200; round++)
        {
            var output = new OutputBuffer();
            var expected = new List<byte>();
            var marks = new List<(long Written, int Length)>();
            for (int step = 0; step < 40; step++)
            {
                marks.Add((output.Written, expected.Count));
                RandomStep(random, output, expected);
                if (random.Next(5) != 0) continue;
                int back = random.Next(marks.Count);
                output.Truncate(marks[back].Written);
                expected.RemoveRange(marks[back].Length, expected.Count - marks[back].Length);
                marks.RemoveRange(back, marks.Count - back);
            }
            Assert.Equal(expected.Count, output.PendingBytes);
            var queue = new SendQueue();
            output.DetachTo(queue);
            Assert.Equal(Encoding.Latin1.GetString([.. expected]), Sent(output, queue, long.MaxValue));
        }
    }

    [Fact]
    public void Deferred_lengths_of_any_nesting_and_size_come_out_in_place()
    {
        var random = new Random(22);
        for (int round = 0; round < 300; round++)
        {
            var writer = new RespWriter(new OutputBuffer());
            string expected = RandomArray(random, writer, depth: 0);
            var queue = new SendQueue();
            writer.Output.DetachTo(queue);
            Assert.Equal(expected, Sent(writer.Output, queue, long.MaxValue));
            Assert.Equal(0, writer.Output.PendingBytes);
        }
    }

    [Fact]
    public void A_short_message_that_stands_alone_takes_no_chunk_and_a_fifth_does()
    {
        var output = new OutputBuffer();
        byte[] message = [1, 2, 3];
        for (int i = 0; i < 4; i++) output.AppendShared(message);
        Assert.Equal(0, output.ChunkBytes);
        output.AppendShared(message);
        Assert.NotEqual(0, output.ChunkBytes);
        Assert.Equal(15, output.PendingBytes);

        var queue = new SendQueue();
        output.DetachTo(queue);

        Assert.Equal(5, queue.Count);
        Assert.True(queue.First.Equals(message.AsMemory()));
    }

    [Fact]
    public void The_owner_of_shared_bytes_is_disposed_once_they_are_sent_dropped_or_copied()
    {
        var output = new OutputBuffer();
        var queue = new SendQueue();
        var sent = new Owner();
        var dropped = new Owner();
        var copied = new Owner();
        var truncated = new Owner();
        output.AppendShared(new byte[5000], sent);
        output.DetachTo(queue);
        Assert.Equal(0, sent.Disposals);
        Sent(output, queue);
        Assert.Equal(1, sent.Disposals);

        output.Append("first"u8);
        output.AppendShared(new byte[10], copied);
        Assert.Equal(1, copied.Disposals);
        long written = output.Written;
        output.AppendShared(new byte[5000], truncated);
        output.Truncate(written);
        Assert.Equal(1, truncated.Disposals);
        output.AppendShared(new byte[5000], dropped);
        output.Drop();
        Assert.Equal(1, dropped.Disposals);
        Assert.Equal(1, copied.Disposals);
    }

    [Fact]
    public void A_send_in_part_goes_on_where_it_stopped()
    {
        var output = new OutputBuffer();
        var queue = new SendQueue();
        byte[] bytes = new byte[100_000];
        new Random(23).NextBytes(bytes);
        output.Append(bytes);
        output.DetachTo(queue);
        var received = new List<byte>();
        var random = new Random(24);
        while (queue.Count > 0)
        {
            int count = random.Next(0, queue.First.Length + 1);
            received.AddRange(queue.First.Span[..count]);
            queue.Consume(count);
            output.Sent(count);
        }
        Assert.Equal(bytes, received);
        Assert.Equal(0, output.PendingBytes);
    }

    private static void RandomStep(Random random, OutputBuffer output, List<byte> expected)
    {
        var bytes = new byte[random.Next(6) == 0 ? random.Next(40_000) : random.Next(600)];
        random.NextBytes(bytes);
        switch (random.Next(6))
        {
            case 0:
                output.AppendShared(bytes);
                break;
            case 1:
                output.HoldTicket = random.Next(4);
                return;
            default:
                output.Append(bytes);
                break;
        }
        expected.AddRange(bytes);
    }

    private static string RandomArray(Random random, RespWriter writer, int depth)
    {
        Deferred start = writer.BeginDeferred();
        var body = new StringBuilder();
        int count = random.Next(6);
        for (int i = 0; i < count; i++) body.Append(RandomElement(random, writer, depth));
        writer.EndArray(start, count);
        return $"*{count}\r\n{body}";
    }

    private static string RandomElement(Random random, RespWriter writer, int depth)
    {
        if (depth < 4 && random.Next(3) == 0) return RandomArray(random, writer, depth + 1);
        string value = new('v', random.Next(8) == 0 ? random.Next(30_000) : random.Next(100));
        if (random.Next(8) == 0) writer.Output.HoldTicket = random.Next(3);
        if (value.Length > 1_000 && random.Next(2) == 0) writer.BulkShared(Encoding.ASCII.GetBytes(value), null);
        else if (value.Length > 1_000 && random.Next(2) == 0)
        {
            // Shared bytes straight behind the hole of a deferred length.
            writer.Output.AppendShared(Encoding.ASCII.GetBytes($"${value.Length}\r\n{value}\r\n"));
        }
        else writer.Bulk(Encoding.ASCII.GetBytes(value));
        return $"${value.Length}\r\n{value}\r\n";
    }

    private static string Sent(OutputBuffer output, SendQueue queue, long released = 0)
    {
        var sent = new StringBuilder();
        while (queue.CountReleased(released, 1) > 0)
        {
            int length = queue.First.Length;
            sent.Append(Encoding.Latin1.GetString(queue.First.Span));
            queue.Consume(length);
            output.Sent(length);
        }
        return sent.ToString();
    }

    private static string Text(OutputBuffer output) => Encoding.Latin1.GetString(output.Drain().FirstSpan);

    private sealed class Owner : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
