using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.PubSub;
using Xunit;

namespace Galley.Api.Tests.PubSub;

/// <summary>What the worker owes those who hear messages when something goes wrong, and what it keeps of them.</summary>
public sealed class FanoutTests
{
    [Fact]
    public void Who_cannot_have_a_message_is_cut_off_and_the_others_hear_it()
    {
        using var fanout = new Fanout(new Engine());
        var unlucky = new Receiver(fails: true);
        var other = new Receiver(fails: false);

        byte[] message = MessageOf("hi");
        fanout.Push(unlucky, message, 0);
        fanout.Push(other, message, 0);

        Until(() => other.Received.Contains("hi"));
        Assert.Equal(1, unlucky.Overflows);
        Assert.Equal(0, other.Overflows);
    }

    [Fact]
    public void A_long_message_is_forgotten_once_all_have_had_it()
    {
        using var fanout = new Fanout(new Engine());
        var receiver = new Receiver(fails: false);

        WeakReference message = PushLong(fanout, receiver);

        Until(() => receiver.Count == 1);
        Until(() =>
        {
            GC.Collect();
            return !message.IsAlive;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PushLong(Fanout fanout, Receiver receiver)
    {
        byte[] message = MessageOf(new string('x', 1_000_000));
        fanout.Push(receiver, message, 0);
        return new WeakReference(message);
    }

    private static byte[] MessageOf(string payload) => Encoding.ASCII.GetBytes($"*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n${payload.Length}\r\n{payload}\r\n");

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)));

    private sealed class Receiver(bool fails) : IReceiver
    {
        private int _count;

        public ConcurrentBag<string> Received { get; } = [];

        public int Count => Volatile.Read(ref _count);

        public int Overflows { get; private set; }

        void IReceiver.Receive(SharedMessage message)
        {
            if (fails) throw new InsufficientMemoryException();
            if (message.Payload.Length < 100) Received.Add(Encoding.ASCII.GetString(message.Payload.Span));
            Interlocked.Increment(ref _count);
        }

        void IReceiver.Overflow() => Overflows++;
    }

    private sealed class Engine : IEngineDoor
    {
        public string? Failure => null;

        public IDoorSession Open(DoorKind kind, string remoteAddress, IPushTarget? push = null) => throw new NotSupportedException();
    }
}
