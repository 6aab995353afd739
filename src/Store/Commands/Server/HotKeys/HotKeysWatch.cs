using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>The session of HOTKEYS that is under way, or was the last.</summary>
public sealed class HotKeysWatch(ServerContext server)
{
    private readonly ServerContext _server = server;
    private HotKeysSession? _session;

    /// <summary>The session, ended if its time is over; null where there was none, or its finds were thrown away.</summary>
    public HotKeysSession? Session
    {
        get
        {
            if (_session is not null && _session.HasRunOut(_server.Databases.Clock.NowMs)) Stop();
            return _session;
        }
    }

    /// <summary>Commands are to be shown to it.</summary>
    public bool IsActive { get; private set; }

    public void Start(HotKeysTerms terms)
    {
        _session = new HotKeysSession(terms, _server.Databases.Clock.NowMs, Process());
        IsActive = true;
    }

    public void Stop()
    {
        _session?.Stop(_server.Databases.Clock.NowMs, Process());
        IsActive = false;
    }

    public void Reset() => _session = null;

    /// <summary>What the session's process has used up so far.</summary>
    public HotKeysProcess Spent(HotKeysSession session) => session.Spent(Process());

    /// <summary>A command has run. EXEC is left out: what it runs is shown by itself.</summary>
    internal void HasRun(CommandInfo command, in Arguments args, long ticks, long replyBytes)
    {
        if (command.Has(Flags.SkipSlowlog) || Session is not { IsActive: true } session) return;
        long bytes = args.WireBytes + replyBytes;
        if (!session.Samples(ticks, bytes)) return;
        int keys = 0;
        foreach (KeyPosition key in command.KeysOf(in args))
            if (IsKey(key)) keys++;
        foreach (KeyPosition key in command.KeysOf(in args))
        {
            if (!IsKey(key)) continue;
            session.ByTicks?.Add(args[key.Argument], ticks / keys);
            session.ByBytes?.Add(args[key.Argument], bytes / keys);
        }
    }

    /// <summary>It is no channel.</summary>
    private static bool IsKey(KeyPosition position) => (position.Access & KeyAccess.NotKey) == 0;

    private HotKeysProcess Process()
    {
        Environment.ProcessCpuUsage usage = Environment.CpuUsage;
        Resp.Transport.Traffic traffic = _server.Stats.Traffic;
        return new HotKeysProcess(usage.UserTime, usage.PrivilegedTime, traffic.ReceivedBytes + traffic.SentBytes);
    }
}
