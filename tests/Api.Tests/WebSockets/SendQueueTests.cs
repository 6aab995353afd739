using System.Text;
using Galley.Api.WebSockets;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

public sealed class SendQueueTests : IDisposable
{
    private readonly SendQueue _queue = new(bytesMax: 10, framesMax: 3);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Frames_leave_in_the_order_they_came()
    {
        await _queue.AddAsync("a"u8.ToArray());
        Assert.True(_queue.TryAdd("b"u8.ToArray(), Subscribe(SlowRule.Close), "c"));
        _queue.End("z"u8.ToArray());

        Assert.Equal(["a", "b", "z"], await TakeAllAsync());
    }

    [Fact]
    public async Task A_full_queue_refuses_a_message_whose_rule_is_close()
    {
        Subscription subscription = Subscribe(SlowRule.Close);
        Assert.True(_queue.TryAdd(new byte[8], subscription, "c"));

        Assert.False(_queue.TryAdd(new byte[8], subscription, "c"));
        _queue.End("slow"u8.ToArray(), dropsWaiting: true);

        Assert.Equal(["slow"], await TakeAllAsync());
    }

    [Fact]
    public async Task The_oldest_messages_go_and_a_gap_counts_them()
    {
        Subscription subscription = Subscribe(SlowRule.DropOldest);
        foreach (string message in new[] { "m1", "m2", "m3", "m4", "m5" })
            Assert.True(_queue.TryAdd(Encoding.ASCII.GetBytes(message), subscription, "c"));
        _queue.End();

        Assert.Equal(["""{"type":"gap","id":"s","dropped":2}""", "m3", "m4", "m5"], await TakeAllAsync());
    }

    [Fact]
    public async Task Where_others_fill_the_queue_the_new_message_is_the_one_that_goes()
    {
        await _queue.AddAsync("reply-9.."u8.ToArray());
        Subscription subscription = Subscribe(SlowRule.DropOldest);

        Assert.True(_queue.TryAdd("m1"u8.ToArray(), subscription, "c"));
        _queue.End();

        Assert.Equal(["reply-9.."], await TakeAllAsync());
        Assert.Equal(1, subscription.DroppedCount);
    }

    [Fact]
    public async Task Conflating_keeps_the_newest_of_each_channel()
    {
        Subscription subscription = Subscribe(SlowRule.Conflate);
        _queue.TryAdd("a1"u8.ToArray(), subscription, "a");
        _queue.TryAdd("b1"u8.ToArray(), subscription, "b");
        _queue.TryAdd("c1"u8.ToArray(), subscription, "c");
        _queue.TryAdd("a2"u8.ToArray(), subscription, "a");
        _queue.TryAdd("a3"u8.ToArray(), subscription, "a");
        _queue.End();

        Assert.Equal(["b1", "c1", "a3"], await TakeAllAsync());
    }

    [Fact]
    public async Task A_reply_waits_for_room_and_one_larger_than_the_queue_goes_alone()
    {
        await _queue.AddAsync(new byte[20]);
        Task waiting = _queue.AddAsync("b"u8.ToArray()).AsTask();
        Assert.False(waiting.IsCompleted);

        Assert.Equal(20, (await _queue.TakeAsync())!.Length);

        await waiting;
        _queue.End();
        Assert.Equal(["b"], await TakeAllAsync());
    }

    [Fact]
    public async Task The_end_lets_a_waiting_reply_go()
    {
        await _queue.AddAsync(new byte[20]);
        Task waiting = _queue.AddAsync("b"u8.ToArray()).AsTask();

        _queue.End(dropsWaiting: true);

        await waiting;
        Assert.Empty(await TakeAllAsync());
    }

    private static Subscription Subscribe(SlowRule rule) => new("s", isByPattern: false, ["c"], DataMode.Utf8, rule);

    private async Task<List<string>> TakeAllAsync()
    {
        var frames = new List<string>();
        while (await _queue.TakeAsync() is { } frame) frames.Add(Encoding.ASCII.GetString(frame));
        return frames;
    }
}
