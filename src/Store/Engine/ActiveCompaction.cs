using System.Diagnostics;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Keyspace.Compaction;
using Galley.Store.Memory;
using Galley.Store.Observability;

namespace Galley.Store.Engine;

/// <summary>
/// Compacts the arena when that is worth while, and takes so much of the time as the <c>active-defrag-</c> settings allow: a pass
/// begins when sparse pages hold more than the lower threshold, and what they could give back decides how much.
/// <code>
///   given back, of what is used      0 %        lower 10 %                          upper 100 %
///   share of the time                   nothing | cycle-min 1 %  ...  cycle-max 25 % |
/// </code>
/// While nothing is to be gained it compares two numbers ten times a second; only when they are apart (rounding of large
/// blocks looks like holes, too) it counts pages, and then not again for ten seconds, or until there are more of them.
/// </summary>
internal sealed class ActiveCompaction(ServerContext server)
{
    /// <summary>After a pass that has given back what it was to.</summary>
    private const long LookMs = 1000;

    /// <summary>After one that has not, twice as long each time; and after a count that has found nothing.</summary>
    private const long RestMs = 10_000;

    private const long RestMaxMs = 600_000;

    /// <summary>The share of the time for counting, in percent.</summary>
    private const int CountingPercent = 5;

    /// <summary>A pass that is so many times smaller than what could be given back by now is begun anew.</summary>
    private const int OutgrownTimes = 2;

    /// <summary>While holes grow by so much between two looks it waits, so many looks at most: a pass that begins too early must be repeated.</summary>
    private const double GrowthMin = 1.02;

    private const int GrowthLooksMax = 10;

    private readonly ServerContext _server = server;
    private readonly CompactionPass _pass = new(server.Databases, [server.Tracking.Memory]);
    private int _percent;
    private long _dueAt;
    private long _nextLookMs;

    /// <summary>Until then the holes that could not be filled when they were counted last are taken to be there still.</summary>
    private long _recountMs;

    private long _restMs = RestMs;
    private long _otherHoleBytes;
    private long _emptiedBytes;
    private long _seenHoleBytes;
    private int _growthLooks;
    private bool _isOutgrown;

    /// <summary>The most that a pass has taken since there was nothing to gain: the one that finishes what it has left is not slower.</summary>
    private int _mostPercent;

    /// <summary>When there is something to do next, in milliseconds since 1970; the cron looks by itself before a pass begins.</summary>
    public long NextDueMs => _pass.Phase == CompactionPhase.Done
        ? long.MaxValue
        : _server.Databases.Clock.NowMs + Math.Max(0, (_dueAt - Stopwatch.GetTimestamp()) * 1000 / Stopwatch.Frequency);

    private Arena Arena => _server.Databases.Arena;

    private Settings Settings => _server.Settings;

    private CompactionStats Stats => _server.Stats.Compaction;

    /// <summary>Room in pages that nothing has, whatever the reason.</summary>
    private long HoleBytes => Arena.CommittedBytes - Arena.UsedBytes;

    /// <summary>Goes on by about so many blocks; true when it has nothing more to do in this turn.</summary>
    public bool Step(int blocks)
    {
        bool mayRun = Settings.ActiveDefrag && !_server.IsLoading;
        if (!mayRun) _pass.Abandon();
        if (_pass.Phase == CompactionPhase.Done && !(mayRun && TryBegin())) return true;
        long startedAt = Stopwatch.GetTimestamp();
        if (startedAt < _dueAt) return true;
        Follow(_pass.Phase);
        bool isDone = StepPass(blocks);
        long elapsed = Stopwatch.GetTimestamp() - startedAt;
        _dueAt = Math.Max(_dueAt, startedAt - Stopwatch.Frequency / 1000) + (elapsed * 100 / Math.Max(1, _percent));
        _server.Latency.Note(LatencyEvents.CompactionCycle, elapsed);
        return isDone;
    }

    private bool TryBegin()
    {
        long nowMs = _server.Databases.Clock.NowMs;
        if (nowMs < _nextLookMs || !IsWorthwhile(nowMs < _recountMs ? HoleBytes - _otherHoleBytes : HoleBytes)) return false;
        _nextLookMs = nowMs + LookMs;
        if (IsGrowing()) return false;
        _recountMs = nowMs + RestMs;
        _percent = CountingPercent;
        _dueAt = 0;
        _pass.AtOnceMax = Settings.ActiveDefragScanFieldsMax;
        _pass.Begin();
        return true;
    }

    private bool IsGrowing()
    {
        bool isGrowing = HoleBytes > _seenHoleBytes * GrowthMin && _growthLooks < GrowthLooksMax;
        _seenHoleBytes = HoleBytes;
        _growthLooks = isGrowing ? _growthLooks + 1 : 0;
        return isGrowing;
    }

    private bool StepPass(int blocks)
    {
        CompactionPhase before = _pass.Phase;
        (long moved, long left) = (_pass.Mover.Moved, _pass.Mover.Left);
        bool isDone = _pass.Step(blocks);
        Stats.BlocksMoved += _pass.Mover.Moved - moved;
        Stats.BlocksLeft += _pass.Mover.Left - left;
        Stats.KeysMoved += _pass.Counts.KeysMoved;
        Stats.KeysLeft += _pass.Counts.KeysLeft;
        _pass.Counts.Clear();
        if (before == CompactionPhase.Counting && _pass.Phase == CompactionPhase.Choosing) Decide();
        if (isDone) End();
        return isDone;
    }

    /// <summary>The spans are counted: goes on only where enough can be given back.</summary>
    private void Decide()
    {
        _otherHoleBytes = HoleBytes - _pass.GainBytes;
        if (!IsWorthwhile(_pass.GainBytes))
        {
            _mostPercent = 0;
            _pass.Abandon();
            return;
        }
        _emptiedBytes = Arena.EmptiedBytes;
        _mostPercent = _percent = Math.Max(_mostPercent, PercentFor(_pass.GainBytes));
        Stats.Run(_percent);
    }

    /// <summary>While a pass is under way there may come to be more to do: it takes more time then, or begins anew.</summary>
    private void Follow(CompactionPhase phase)
    {
        if (phase != CompactionPhase.Moving) return;
        long gainBytes = HoleBytes - _otherHoleBytes;
        int percent = PercentFor(gainBytes);
        if (percent > _percent) Stats.Run(_mostPercent = _percent = percent);
        _isOutgrown = gainBytes > OutgrownTimes * _pass.GainBytes && IsWorthwhile(gainBytes - _pass.GainBytes);
        if (_isOutgrown) _pass.Abandon();
    }

    private void End()
    {
        if (Stats.RunningPercent == 0) return;
        Stats.Rest();
        bool wasOfUse = _isOutgrown || Arena.EmptiedBytes - _emptiedBytes >= _pass.GainBytes / 2;
        _restMs = wasOfUse ? RestMs : Math.Min(_restMs * 2, RestMaxMs);
        _nextLookMs = _server.Databases.Clock.NowMs + (wasOfUse ? LookMs : _restMs);
        if (!wasOfUse) _mostPercent = 0;
        _seenHoleBytes = HoleBytes;
        _isOutgrown = false;
    }

    private bool IsWorthwhile(long bytes) =>
        bytes > Settings.ActiveDefragIgnoreBytes && PercentOfUsed(bytes) > Settings.ActiveDefragThresholdLower;

    private double PercentOfUsed(long bytes) => 100.0 * bytes / Math.Max(1, Arena.UsedBytes);

    private int PercentFor(long gainBytes)
    {
        double range = Math.Max(1, Settings.ActiveDefragThresholdUpper - Settings.ActiveDefragThresholdLower);
        double place = Math.Clamp((PercentOfUsed(gainBytes) - Settings.ActiveDefragThresholdLower) / range, 0, 1);
        return (int)(Settings.ActiveDefragCycleMin + (place * (Settings.ActiveDefragCycleMax - Settings.ActiveDefragCycleMin)));
    }
}
