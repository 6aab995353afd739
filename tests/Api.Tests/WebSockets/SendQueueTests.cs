using System.Text;
using Galley.Api.PubSub;
using Galley.Api.WebSockets;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.WebSockets;

public sealed class SendQueueTests
{
    // A message with a channel of one letter and a payload of two takes 59 bytes.
    private readonly Settings _settings = new() { WsSendQueueBytes = 200, WsSendQueueFrames = 3 };
    private readonly SendQueue _queue;
    private int _wakes;

    public SendQueueTests() => _queue = new SendQueue(_settings, () => _wakes++);

    [Fact]
    public async Task Frames_leave_in_the_order_they_came_and_the_close_after_them()
    {
        await _queue.AddAsync("a"u8.ToArray());
        Assert.True(Add("m1", Subscribe(SlowRule.Close)));
        Assert.True(_queue.TryEnd(new Ending(CloseCode.Normal, ""), "z"u8.ToArray()));

        Assert.Equal(["a", "m1", "z", "close 1000"], TakeAll());
    }

    [Fact]
    public async Task The_sender_is_woken_once_and_again_when_it_rests()
    {
        await _queue.AddAsync("a"u8.ToArray());
        await _queue.AddAsync("b"u8.ToArray());
        Assert.Equal(1, _wakes);

        Assert.Equal(["a", "b"], TakeAll());
        await _queue.AddAsync("c"u8.ToArray());
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public void A_full_queue_refuses_a_message_whose_rule_is_close()
    {
        Subscription subscription = Subscribe(SlowRule.Close);
        foreach (string payload in new[] { "m1", "m2", "m3" }) Assert.True(Add(payload, subscription));

        Assert.False(Add("m4", subscription));
        _queue.TryEnd(new Ending(CloseCode.SlowConsumer, ""), "slow"u8.ToArray(), dropsWaiting: true);

        Assert.Equal(["slow", "close 4001"], TakeAll());
    }

    [Fact]
    public void Bytes_fill_it_as_frames_do()
    {
        Subscription subscription = Subscribe(SlowRule.Close);
        Assert.True(Add(new string('x', 100), subscription));

        Assert.False(Add(new string('y', 100), subscription));
    }

    [Theory]
    [InlineData("Close", false)]
    [InlineData("DropOldest", true)]
    [InlineData("Conflate", true)]
    public void What_can_never_have_room_is_not_encoded(string onSlow, bool isKept)
    {
        Subscription subscription = Subscribe(Enum.Parse<SlowRule>(onSlow));
        SharedMessage message = SharedMessageTests.Message("c", new string('x', 201));
        Assert.True(message.TryRead());

        Assert.Equal(isKept, _queue.TryAdd(message, subscription, 1));

        Assert.Equal(isKept ? 1 : 0, subscription.DroppedCount);
        byte[] own = [];
        Assert.Same(own, message.In(MessageForm.SocketUtf8, _ => own));
    }

    [Fact]
    public void The_oldest_messages_go_and_a_gap_counts_them()
    {
        Subscription subscription = Subscribe(SlowRule.DropOldest);
        foreach (string payload in new[] { "m1", "m2", "m3", "m4", "m5" }) Assert.True(Add(payload, subscription));

        Assert.Equal(["""{"type":"gap","id":"s","dropped":2}""", "m3", "m4", "m5"], TakeAll());
    }

    [Fact]
    public void Numbers_go_on_over_a_gap()
    {
        Subscription subscription = Subscribe(SlowRule.DropOldest);
        foreach (string payload in new[] { "m1", "m2", "m3", "m4" }) Add(payload, subscription);

        Assert.True(_queue.TryTake(1000, out SendBatch batch));
        Assert.EndsWith("\"n\":2}", Text(batch.First!.Next!));
    }

    [Fact]
    public async Task Where_others_fill_the_queue_the_new_message_is_the_one_that_goes()
    {
        await _queue.AddAsync(new byte[190]);
        Subscription subscription = Subscribe(SlowRule.DropOldest);

        Assert.True(Add("m1", subscription));

        Assert.Single(TakeAll());
        Assert.Equal(1, subscription.DroppedCount);
    }

    [Fact]
    public void Conflating_keeps_the_newest_of_each_channel()
    {
        Subscription subscription = Subscribe(SlowRule.Conflate);
        foreach ((string channel, string payload) in new[] { ("a", "a1"), ("b", "b1"), ("c", "c1"), ("a", "a2"), ("a", "a3") })
            Assert.True(Add(payload, subscription, channel));

        Assert.Equal(["b1", "c1", "a3"], TakeAll());
    }

    [Fact]
    public async Task A_reply_waits_for_room_and_one_larger_than_the_queue_goes_alone()
    {
        await _queue.AddAsync(new byte[300]);
        Task waiting = _queue.AddAsync("b"u8.ToArray()).AsTask();
        Assert.False(waiting.IsCompleted);

        Assert.True(_queue.TryTake(1, out SendBatch batch));
        Assert.Equal(300, batch.First!.Bytes);

        await waiting;
        Assert.Equal(["b"], TakeAll());
    }

    [Fact]
    public async Task The_end_lets_a_waiting_reply_go()
    {
        await _queue.AddAsync(new byte[300]);
        Task waiting = _queue.AddAsync("b"u8.ToArray()).AsTask();

        _queue.TryEnd(new Ending(CloseCode.Killed, ""), dropsWaiting: true);

        await waiting;
        Assert.Equal(["close 4506"], TakeAll());
        Assert.False(_queue.TryEnd(new Ending(CloseCode.Normal, "")), "only the first end counts");
    }

    [Fact]
    public async Task Pings_and_pongs_pass_what_waits_and_do_not_pile_up()
    {
        await _queue.AddAsync("a"u8.ToArray());
        _queue.Ping();
        _queue.Ping();
        _queue.Pong("1"u8.ToArray());
        _queue.Pong("2"u8.ToArray());

        Assert.True(_queue.TryTake(1000, out SendBatch batch));
        Assert.True(batch.Ping);
        Assert.Equal("2"u8.ToArray(), batch.Pong);
        Assert.Equal("a", Text(batch.First!));
        Assert.False(_queue.TryTake(1000, out _));
    }

    [Fact]
    public async Task A_broken_connection_lets_everybody_go()
    {
        await _queue.AddAsync(new byte[300]);
        Task waiting = _queue.AddAsync("b"u8.ToArray()).AsTask();
        Task over = _queue.WhenOverAsync();

        _queue.Abandon();

        await waiting;
        await over;
        Assert.False(_queue.TryTake(1000, out _));
        Assert.True(Add("m1", Subscribe(SlowRule.Close)), "what comes after the end is nobody's loss");
    }

    [Fact]
    public async Task What_comes_before_the_confirmation_follows_it_and_has_no_more_bytes_than_the_queue()
    {
        var subscription = new Subscription("s", MessageKind.Message, ["c"], DataMode.Utf8, SlowRule.Close);
        Assert.True(subscription.TryReceive(Read("m1"), _queue));
        Assert.Empty(TakeAll());
        await _queue.AddAsync("subscribed"u8.ToArray());
        Assert.True(subscription.TryConfirm(_queue));
        Assert.Equal(["subscribed", "m1"], TakeAll());

        var unread = new Subscription("u", MessageKind.Message, ["c"], DataMode.Utf8, SlowRule.Close);
        Assert.True(unread.TryReceive(Read(new string('x', 200)), _queue));
        Assert.False(unread.TryReceive(Read("m2"), _queue));
    }

    private static SharedMessage Read(string payload)
    {
        SharedMessage message = SharedMessageTests.Message("c", payload);
        Assert.True(message.TryRead());
        return message;
    }

    private static Subscription Subscribe(SlowRule rule)
    {
        var subscription = new Subscription("s", MessageKind.Message, ["c"], DataMode.Utf8, rule);
        return subscription;
    }

    private bool Add(string payload, Subscription subscription, string channel = "c")
    {
        SharedMessage message = SharedMessageTests.Message(channel, payload);
        Assert.True(message.TryRead());
        return _queue.TryAdd(message, subscription, ++_number);
    }

    private long _number;

    /// <summary>All that waits: of a message, its payload.</summary>
    private List<string> TakeAll()
    {
        var frames = new List<string>();
        while (_queue.TryTake(bytesMax: 1, out SendBatch batch))
        {
            for (QueuedFrame? frame = batch.First; frame is not null; frame = frame.Next)
            {
                string text = Text(frame);
                int data = text.IndexOf("\"data\":\"", StringComparison.Ordinal);
                frames.Add(data < 0 ? text : text[(data + 8)..text.IndexOf("\",\"n\":", StringComparison.Ordinal)]);
            }
            if (batch.Ending is { } ending) frames.Add($"close {(int)ending.Code}");
        }
        return frames;
    }

    private static string Text(QueuedFrame frame)
    {
        var tail = new byte[QueuedFrame.TailBytesMax];
        byte[] whole = [.. frame.Head.Span, .. frame.Body.Span, .. tail.AsSpan(0, frame.WriteTail(tail))];
        Assert.Equal(frame.Bytes, whole.Length);
        return Encoding.UTF8.GetString(whole);
    }
}
