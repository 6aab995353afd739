using System.Buffers;
using System.Net;
using Galley.Resp.Protocol;
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

    private const int FirstReplyBytes = 1024;

    /// <summary>Replies up to here are copied into the same array again and again.</summary>
    private const int KeptReplyBytesMax = 64 * 1024;

    /// <summary>The user that Upstash's read-only token stands for.</summary>
    private const string ReaderName = "default_ro";

    private readonly GalleyEngine _engine;
    private readonly Session _session;
    private readonly List<DoorRequest> _requests = [];
    private byte[] _reply = [];

    public EngineSession(GalleyEngine engine, SessionKind kind, string remoteAddress, IPushTarget? push)
    {
        _engine = engine;
        _session = engine.OpenSession(kind, remoteAddress, push is null ? null : new PushOutput(push));
        _session.IsAuthenticated = true;
    }

    public long Id => _session.Id;

    /// <summary>A command that would block replies as if its time were over.</summary>
    public bool DeniesBlocking { init => _session.DeniesBlocking = value; }

    /// <summary>What its replies are written in.</summary>
    public RespVersion RespVersion { init => _session.Reply.Version = value; }

    public DoorClient Client
    {
        // SELECT may have chosen another database since.
        get => field with { DatabaseId = _session.DatabaseId };
        set
        {
            if (Client == value) return;
            field = value;
            _session.DatabaseId = value.DatabaseId;
            _session.IsReadOnly = value.IsReadOnly;
            _session.Channels = value.Channels;
            _session.UserName = value.IsReadOnly ? ReaderName : "default";
            _session.Lenience = value.IsLenient ? Lenience.All : Lenience.None;
        }
    }

    public void ServeFor(IPAddress? address, int port)
    {
        if (address is not null) _session.ServeFor(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
    }

    public async ValueTask<DoorReply> ExecuteAsync(CommandBatch batch, bool isAtomic)
    {
        int partSize = isAtomic ? Math.Max(1, batch.Count) : PartCommandsMax;
        int parts = Math.Max(1, (batch.Count + partSize - 1) / partSize);
        long stateNumber = 0;
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
            stateNumber = _requests[part].StateNumber;
            _requests[part].Clear();
        }
        if (_requests.Count > KeptRequestsMax) _requests.RemoveRange(KeptRequestsMax, _requests.Count - KeptRequestsMax);
        return new DoorReply(Replies(), stateNumber);
    }

    public void Forget() => _session.FieldSets = null;

    public void Interrupt() => _engine.Interrupt(_session);

    public void Dispose() => _engine.CloseSession(_session);

    private ValueTask Begin(CommandBatch batch, int part, int from, int to, bool isAtomic)
    {
        if (_requests.Count == part) _requests.Add(new DoorRequest { Session = _session });
        DoorRequest request = _requests[part];
        request.IsAtomic = isAtomic;
        for (int i = from; i < to; i++)
        {
            request.Add(batch[i]);
            request.MayTakeLong |= _engine.Server.Commands.TryFind(batch[i][0], out CommandInfo? command) && command.MayTakeLong;
        }
        return _engine.ExecuteAsync(request);
    }

    private ReadOnlyMemory<byte> Replies()
    {
        OutputBuffer output = _session.Reply.Output;
        byte[] bytes = _reply;
        if (output.UndetachedBytes > bytes.Length)
        {
            bytes = new byte[Math.Max(FirstReplyBytes, output.UndetachedBytes)];
            if (bytes.Length <= KeptReplyBytesMax) _reply = bytes;
        }
        return bytes.AsMemory(0, output.DrainTo(bytes));
    }

    private sealed class PushOutput(IPushTarget target) : ISessionOutput
    {
        public void Push(ReadOnlyMemory<byte> respPush, long logOffset) => target.Push(respPush, logOffset);

        public long PendingBytes => target.PendingBytes;

        public void Kill(bool afterReply) => target.Kill(afterReply);
    }
}
