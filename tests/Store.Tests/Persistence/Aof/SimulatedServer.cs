using System.Globalization;
using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// An engine that only counts: every command is its number. It keeps what it accepted, and how much of that was
/// released. Steps are drawn by a seed, and the flusher runs when a step says so: a seed always lives the same life.
/// </summary>
internal sealed class SimulatedServer
{
    private readonly SimulatedFiles _disk;
    private readonly Random _random;
    private readonly FsyncPolicy[] _policies;
    /// <summary>What <c>everysec</c> may lose.</summary>
    private const long LossMsMax = 2000;

    private const int FlushPeriodMs = 1000;
    private const int StepMsMax = 120;

    private readonly List<(long Offset, int Commands)> _turns = [(0, 0)];
    private readonly List<(long Ms, int Commands)> _releases = [];
    private AppendOnlyFile? _log;
    private AofRewrite? _rewrite;
    private Queue<string>? _snapshot;
    private long _offset;
    private long _releasedAtSwitch;
    private int _database = -1;

    /// <summary>Time in which writes were taken: the clock stands while they are refused.</summary>
    private long _nowMs;

    private long _lastFlushMs;

    public SimulatedServer(SimulatedFiles disk, Random random, FsyncPolicy[] policies, List<string> history)
    {
        (_disk, _random, _policies) = (disk, random, policies);
        History = [.. history];
        _turns[0] = (0, history.Count);
        Ends.Add(history.Count);
        DurableCommands = ReleasedCommands = history.Count;
    }

    /// <summary>All commands, those of earlier lives first.</summary>
    public List<string> History { get; }

    /// <summary>The numbers of commands after which a turn or a unit ended.</summary>
    public HashSet<int> Ends { get; } = [];

    /// <summary>Commands that a power cut must leave.</summary>
    public int DurableCommands { get; private set; }

    /// <summary>Commands that a kill must leave.</summary>
    public int ReleasedCommands { get; private set; }


    public static AofOptions OptionsOn(SimulatedFiles disk, FsyncPolicy policy, Action<string>? log = null) => new()
    {
        Files = disk,
        Directory = "/data",
        Policy = policy,
        UnflushedBytesMax = 2000,
        FlushAheadBytes = 1000,
        Log = log ?? (static _ => { }),
    };

    public void Run(int steps)
    {
        try
        {
            AofOptions options = OptionsOn(_disk, _policies[0]);
            AofLoader.Load(options, new RecordingTarget());
            _log = AppendOnlyFile.OpenWithoutThread(options);
        }
        catch (Exception failure) when (_disk.IsOff && failure is PersistenceException or IOException)
        {
            return;
        }
        for (int i = 0; i < steps; i++)
        {
            Step();
            KeepTime();
            Observe();
        }
    }

    private void Step()
    {
        switch (_random.Next(20))
        {
            case < 8:
                Turn();
                break;
            case < 12:
                _log!.Flusher.Pass(isPeriodOver: _random.Next(2) == 0);
                break;
            case 12:
                _log!.Commit(mayFlush: _random.Next(2) == 0);
                break;
            case 13 when _rewrite is null && !_log!.Status.RewriteInProgress:
                _rewrite = _log.BeginRewriteWithoutThread();
                _snapshot = new Queue<string>(History);
                break;
            case < 17:
                Rewrite();
                break;
            case 17:
                SwitchPolicy();
                break;
            case 18:
                _disk.Fault = _random.Next(3) == 0 ? Fault : null;
                break;
            case 19 when _random.Next(4) == 0:
                _log!.Flusher.FlushAll();
                break;
        }
    }

    /// <summary>The flusher's thread looks once a second, and while something fails more often.</summary>
    private void KeepTime()
    {
        bool isWell = _log!.Failure is null;
        if (isWell) _nowMs += _random.Next(StepMsMax);
        if (isWell && _nowMs - _lastFlushMs < FlushPeriodMs) return;
        _log.Flusher.Pass(isPeriodOver: true);
        _lastFlushMs = _nowMs;
    }

    private void Turn()
    {
        // The engine refuses writes meanwhile.
        if (_log!.Failure is not null) return;
        var bytes = new List<byte>();
        int commands = _random.Next(1, 4);
        bool isUnit = _random.Next(4) == 0;
        if (_database < 0 || _random.Next(5) == 0)
        {
            _database = _random.Next(3);
            bytes.AddRange(Commands.Of("SELECT", _database.ToString(CultureInfo.InvariantCulture)));
        }
        if (isUnit) bytes.AddRange(Commands.Of("MULTI"));
        for (int i = 0; i < commands; i++)
        {
            string[] words = ["ADD", History.Count.ToString(CultureInfo.InvariantCulture), new('x', _random.Next(60))];
            bytes.AddRange(Commands.Of(words));
            History.Add($"{_database}: {string.Join(' ', words)}");
            if (!isUnit) Ends.Add(History.Count);
        }
        if (isUnit) bytes.AddRange(Commands.Of("EXEC"));
        Ends.Add(History.Count);

        _offset += bytes.Count;
        _turns.Add((_offset, History.Count));
        _log.Accept(bytes.ToArray(), _offset);
        _log.Commit(mayFlush: _random.Next(2) == 0);
    }

    /// <summary>Feeds the rewrite a little, and completes it once all is fed and the log has turned.</summary>
    private void Rewrite()
    {
        if (_rewrite is null) return;
        if (_random.Next(30) == 0) _rewrite.Abort();
        for (int i = _random.Next(40); i > 0 && _snapshot!.TryDequeue(out string? command); i--)
        {
            _rewrite.Append(Commands.Of("SELECT", command[..1]));
            _rewrite.Append(Commands.Of(command[3..].Split(' ')));
        }
        bool isWell = _rewrite.Drain();
        if (isWell && (_snapshot!.Count > 0 || !_rewrite.IsRotated)) return;
        _rewrite.Finish();
        _rewrite = null;
    }

    private void SwitchPolicy()
    {
        _log!.Policy = _policies[_random.Next(_policies.Length)];
        _releasedAtSwitch = _log.ReleasedOffset;
    }

    private void Fault(SimulatedFiles.Call call, string path)
    {
        if (_random.Next(6) == 0) throw new IOException(call == SimulatedFiles.Call.Flush ? "Input/output error" : "No space left on device");
    }

    private void Observe()
    {
        long released = _log!.ReleasedOffset;
        int commands = _turns.Last(turn => turn.Offset <= released).Commands;
        // What was let go while writes failed is not promised: redis-server answers then as well.
        if (_log.Failure is null && !_disk.IsOff) ReleasedCommands = Math.Max(ReleasedCommands, commands);
        if (_log.Policy == FsyncPolicy.EverySecond && !_disk.IsOff) _releases.Add((_nowMs, commands));
        while (_releases.Count > 0 && _releases[0].Ms <= _nowMs - LossMsMax && !_disk.IsOff)
        {
            DurableCommands = Math.Max(DurableCommands, _releases[0].Commands);
            _releases.RemoveAt(0);
        }
        if (_log.Policy == FsyncPolicy.Always && released > _releasedAtSwitch) DurableCommands = Math.Max(DurableCommands, commands);
    }
}
