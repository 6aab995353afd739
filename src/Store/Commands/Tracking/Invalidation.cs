using System.Buffers;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// What clients are told of keys that have changed. It is encoded once for each form in which it goes out:
/// <code>
///   >2 invalidate [key ...]                        in RESP3
///   *3 message __redis__:invalidate [key ...]      to a RESP2 client that is subscribed, in the place of another
/// </code>
/// and has null for the keys where all have gone.
/// </summary>
internal sealed class Invalidation
{
    /// <summary>The array of keys as RESP, or null: all of them.</summary>
    private readonly byte[]? _keys;

    private byte[]? _push;
    private byte[]? _message;

    private Invalidation(byte[]? keys) => _keys = keys;

    public static Invalidation OfAll() => new(null);

    public static Invalidation Of(ReadOnlySpan<byte> key)
    {
        var writer = new RespWriter(new OutputBuffer());
        writer.Array(1);
        writer.Bulk(key);
        return new Invalidation(Bytes(writer));
    }

    public static Invalidation Of(List<byte[]> keys)
    {
        var writer = new RespWriter(new OutputBuffer());
        writer.Array(keys.Count);
        foreach (byte[] key in keys) writer.Bulk(key);
        return new Invalidation(Bytes(writer));
    }

    /// <summary>Tells a client that tracks keys, or the one that it has named.</summary>
    public void SendTo(Session tracker, ServerContext server)
    {
        SessionTracking tracking = tracker.Tracking!;
        bool isRedirected = tracking.RedirectId != 0;
        Session receiver = tracker;
        if (isRedirected)
        {
            if (FindReceiver(server, tracking.RedirectId) is not { } named)
            {
                TellBroken(tracker, server);
                return;
            }
            receiver = named;
        }
        // In RESP2 nothing but a subscriber expects what it has not asked for.
        if (receiver.Reply.Version == RespVersion.Resp3) Send(receiver, server, Push(tracker.Reply.Version));
        else if (isRedirected && receiver.IsSubscribed) Send(receiver, server, Message(tracker.Reply.Version));
    }

    /// <summary>The client that may be told in the place of others, or null: it must have a connection, and keep it.</summary>
    public static Session? FindReceiver(ServerContext server, long id) =>
        server.Sessions.Find(id) is { Kind: SessionKind.Resp, IsKilled: false, Connection: null or { IsClosing: false } } session ? session : null;

    private static void TellBroken(Session tracker, ServerContext server)
    {
        tracker.Tracking!.IsRedirectBroken = true;
        if (tracker.Reply.Version != RespVersion.Resp3) return;
        var writer = new RespWriter(new OutputBuffer()) { Version = RespVersion.Resp3 };
        writer.Push(2);
        writer.Bulk("tracking-redir-broken"u8);
        writer.Integer(tracker.Tracking.RedirectId);
        Send(tracker, server, Bytes(writer));
    }

    private static void Send(Session receiver, ServerContext server, byte[] message)
    {
        receiver.Push(message, server.Effects.TakeOffset());
        OutputGuard.Enforce(receiver, server);
    }

    /// <summary>A null is that of the client whose keys they are, also in another's push: so it is in redis-server.</summary>
    private byte[] Push(RespVersion versionOfNull)
    {
        if (_push is not null) return _push;
        var writer = new RespWriter(new OutputBuffer()) { Version = RespVersion.Resp3 };
        writer.Push(2);
        writer.Bulk("invalidate"u8);
        return End(writer, versionOfNull, ref _push);
    }

    private byte[] Message(RespVersion versionOfNull)
    {
        if (_message is not null) return _message;
        var writer = new RespWriter(new OutputBuffer());
        writer.Push(3);
        writer.Bulk("message"u8);
        writer.Bulk("__redis__:invalidate"u8);
        return End(writer, versionOfNull, ref _message);
    }

    private byte[] End(RespWriter writer, RespVersion versionOfNull, ref byte[]? kept)
    {
        if (_keys is not null)
        {
            writer.Raw(_keys);
            return kept = Bytes(writer);
        }
        writer.Version = versionOfNull;
        writer.Null();
        return Bytes(writer);
    }

    private static byte[] Bytes(RespWriter writer) => writer.Output.Drain().ToArray();
}
