using System.Buffers;
using System.Net;
using Galley.Store.Commands;
using Galley.Store.Engine;

namespace Galley.Api.Doors;

/// <summary>
/// A session of the engine with the requests that it uses again. A long batch goes in parts, one after another in the
/// gate's mailbox, so that others have their turns between them; a transaction goes as one.
/// </summary>
internal sealed class EngineSession : IDoorSession
{
    /// <summary>Commands of one turn, as of a pipelining RESP client.</summary>
    private const int PartCommandsMax = 64;

    /// <summary>Requests kept for the next batch.</summary>
    private const int KeptRequestsMax = 16;

    private readonly GalleyEngine _engine;
    private readonly Session _session;
    private readonly List<DoorRequest> _requests = [];

    public EngineSession(GalleyEngine engine, SessionKind kind, string remoteAddress, IPushTarget? push)
    {
        _engine = engine;
        _session = engine.OpenSession(kind, remoteAddress, push is null ? null : new PushOutput(push));
        _session.IsAuthenticated = true;
    }

    public long Id => _session.Id;

    public void ServeFor(IPAddress? address, int port)
    {
        if (address is not null) _session.ServeFor(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    public async ValueTask<DoorReply> ExecuteAsync(CommandBatch batch, bool isAtomic)
    {
        int partSize = isAtomic ? Math.Max(1, batch.Count) : PartCommandsMax;
        int parts = Math.Max(1, (batch.Count + partSize - 1) / partSize);
        long logOffset = 0;
        // All are posted before the first is awaited: they wait for the log together.
        if (parts == 1)
        {
            await Begin(batch, 0, 0, batch.Count, isAtomic);
        }
        else
        {
            var running = new Task[parts];
            for (int part = 0; part < parts; part++)
                running[part] = Begin(batch, part, part * partSize, Math.Min(batch.Count, (part + 1) * partSize), isAtomic).AsTask();
            await Task.WhenAll(running);
        }
        for (int part = 0; part < parts; part++)
        {
            logOffset = _requests[part].LogOffset;
            _requests[part].Clear();
        }
        if (_requests.Count > KeptRequestsMax) _requests.RemoveRange(KeptRequestsMax, _requests.Count - KeptRequestsMax);
        // Without a log its offset stands still; the commands so far then tell one state from another.
        if (!_engine.Server.Effects.IsRead) logOffset = _engine.Server.Stats.Commands;
        return new DoorReply(Replies(), logOffset);
    }

    public void Dispose() => _engine.CloseSession(_session);

    private ValueTask Begin(CommandBatch batch, int part, int from, int to, bool isAtomic)
    {
        if (_requests.Count == part) _requests.Add(new DoorRequest { Session = _session });
        DoorRequest request = _requests[part];
        request.IsAtomic = isAtomic;
        for (int i = from; i < to; i++) request.Add(batch[i]);
        return _engine.ExecuteAsync(request);
    }

    private ReadOnlyMemory<byte> Replies()
    {
        ReadOnlySequence<byte> replies = _session.Reply.Output.Drain();
        return replies.IsSingleSegment ? replies.First : replies.ToArray();
    }

    private sealed class PushOutput(IPushTarget target) : ISessionOutput
    {
        public void Push(ReadOnlyMemory<byte> respPush) => target.Push(respPush);

        public void Kill(bool afterReply) => target.Kill(afterReply);
    }
}
