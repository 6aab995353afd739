using System.Globalization;
using Galley.Store.Configuration;
using Galley.Store.Persistence;
using Galley.Store.Tests.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Rdb;

/// <summary>
/// A whole engine on a disk that fails: short writes, no room, errors of writing, flushing, renaming, and at a random call
/// the power, or the process alone. Commands, rewrites and saves run meanwhile. The next start succeeds, and every key has the
/// value of its last acknowledged write, or of one after it. 5 seeds for each way of storing; 63 with
/// GALLEY_FULL=1, which with the four lives of each is a thousand random calls.
/// </summary>
public class FailingDiskTests
{
    private const int LivesOfOneDisk = 4;
    private const int Steps = 60;
    private const int KeyCount = 12;
    private const int PatienceMs = 20_000;

    public static TheoryData<int> Seeds { get; } =
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("GALLEY_FULL") == "1" ? 63 : 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_acknowledged_under_always_is_lost(int seed) =>
        Live(seed, static s => (s.AppendOnly, s.AppendFsync) = (true, AppendFsync.Always), hasFaults: true, powerFails: true);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_acknowledged_under_everysec_is_lost_with_the_process(int seed) =>
        Live(seed, static s => (s.AppendOnly, s.AppendFsync) = (true, AppendFsync.Everysec), hasFaults: false, powerFails: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_acknowledged_under_no_is_lost_with_the_process(int seed) =>
        Live(seed, static s => (s.AppendOnly, s.AppendFsync) = (true, AppendFsync.No), hasFaults: false, powerFails: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_saved_is_lost(int seed) => Live(seed, static s => s.AppendOnly = false, hasFaults: true, powerFails: true);

    private static void Live(int seed, Action<Settings> configure, bool hasFaults, bool powerFails)
    {
        var random = new Random(seed * 7919);
        var disk = new SimulatedFiles(seed);
        var history = new History();
        for (int life = 0; life < LivesOfOneDisk; life++)
        {
            disk.PowerFailsAt = disk.Operations + random.Next(3, 150);
            if (TryStart(disk, configure) is { } server)
            {
                using (server) Play(server, disk, random, history, hasFaults, powerFails);
            }
            disk = powerFails ? disk.PowerCut() : disk.Kill();
            using FolderFixture again = FolderFixture.Start(disk, configure);
            history.Check(again);
        }
    }

    /// <summary>Only the end of the power excuses a server that does not start.</summary>
    private static FolderFixture? TryStart(SimulatedFiles disk, Action<Settings> configure)
    {
        try
        {
            return FolderFixture.Start(disk, configure);
        }
        catch (Exception failure) when (disk.IsOff && failure is PersistenceException or IOException)
        {
            return null;
        }
    }

    private static void Play(FolderFixture server, SimulatedFiles disk, Random random, History history, bool hasFaults, bool powerFails)
    {
        bool keepsLog = server.Engine.Server.Settings.AppendOnly;
        for (int step = 0; step < Steps && !disk.IsOff; step++)
        {
            if (hasFaults && random.Next(8) == 0) disk.Fault = random.Next(3) == 0 ? null : FaultOf(random.Next());
            switch (random.Next(24))
            {
                case 0: Ask(server, disk, "BGREWRITEAOF"); break;
                case 1: Ask(server, disk, "BGSAVE"); break;
                case 2 or 3:
                    int before = history.Count;
                    if (Ask(server, disk, "SAVE") == "+OK" && !keepsLog) history.Acknowledge(before);
                    break;
                case < 9: server.Engine.RunCron(); break;
                default: Write(server, disk, random, history, keepsLog, powerFails); break;
            }
        }
        disk.Fault = null;
    }

    /// <summary>Sets a key, appends to it or deletes it: whatever it is, its last word tells which write that was.</summary>
    private static void Write(FolderFixture server, SimulatedFiles disk, Random random, History history, bool keepsLog, bool powerFails)
    {
        int key = random.Next(KeyCount);
        bool isDeletion = random.Next(6) == 0;
        int number = history.Add(key, isDeletion);
        string command = isDeletion ? $"DEL k{key}" : string.Create(CultureInfo.InvariantCulture, $"SET k{key} {number}");
        string? reply = Ask(server, disk, command);
        // Of a process that ends nobody hears once its disk is gone; under always what was answered is on the disk.
        if (reply is null || (disk.IsOff && !powerFails)) return;
        if (reply.StartsWith('-')) history.Refuse(number);
        else if (keepsLog) history.Acknowledge(number + 1, key);
    }

    /// <summary>The reply; null where the disk has gone before it came.</summary>
    private static string? Ask(FolderFixture server, SimulatedFiles disk, string command)
    {
        Task run = server.Client.Start(command);
        bool came = SpinWait.SpinUntil(() => run.IsCompleted || disk.IsOff, PatienceMs);
        Assert.True(came, $"'{command}' did not run.");
        // What was released just before the end counts: it was sent.
        return run.IsCompleted ? server.Client.TakeReply() : null;
    }

    private static Action<SimulatedFiles.Call, string> FaultOf(int seed)
    {
        var random = new Random(seed);
        string[] reasons = ["No space left on device", "Input/output error", "Read-only file system"];
        return (_, _) =>
        {
            lock (random)
            {
                if (random.Next(4) == 0) throw new IOException(reasons[random.Next(reasons.Length)]);
            }
        };
    }

    /// <summary>All writes of all lives, and from which on each key may be found.</summary>
    private sealed class History
    {
        private readonly List<(int Key, bool IsDeletion, bool IsRefused)> _writes = [];
        private readonly int[] _certain = new int[KeyCount];

        public int Count => _writes.Count;

        public int Add(int key, bool isDeletion)
        {
            _writes.Add((key, isDeletion, false));
            return _writes.Count - 1;
        }

        public void Refuse(int number) => _writes[number] = _writes[number] with { IsRefused = true };

        /// <summary>The last write of a key before this number will be there, or a later one.</summary>
        public void Acknowledge(int before, int? key = null)
        {
            for (int k = 0; k < KeyCount; k++)
                if (key is null || key == k) _certain[k] = Math.Max(_certain[k], before);
        }

        /// <summary>Each key is as a write has left it that may count; from now on none but that one does.</summary>
        public void Check(FolderFixture server)
        {
            for (int key = 0; key < KeyCount; key++)
            {
                string value = server.Run($"GET k{key}");
                int last = _certain[key] == 0 ? -1 : _writes.FindLastIndex(_certain[key] - 1, _certain[key], write => write.Key == key && !write.IsRefused);
                HashSet<string> possible = [ValueOf(last)];
                for (int i = _certain[key]; i < _writes.Count; i++)
                    if (_writes[i].Key == key && !_writes[i].IsRefused) possible.Add(ValueOf(i));
                Assert.True(possible.Contains(value), $"k{key} is '{value}', and not one of '{string.Join("', '", possible)}'");
                Settle(key, value);
            }
        }

        private string ValueOf(int number)
        {
            if (number < 0 || _writes[number].IsDeletion) return "$-1";
            string text = number.ToString(CultureInfo.InvariantCulture);
            return $"${text.Length} {text}";
        }

        /// <summary>What was found is certain: this disk was flushed, or loaded from.</summary>
        private void Settle(int key, string value)
        {
            for (int i = 0; i < _writes.Count; i++)
                if (_writes[i].Key == key && ValueOf(i) != value) _writes[i] = _writes[i] with { IsRefused = true };
            _certain[key] = _writes.Count;
        }
    }
}
