using Galley.Store.Persistence;
using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// CONFIG SET appendonly yes on a folder that holds an older set: wherever the power fails, a restart finds the older set
/// or the new one, whole, and never a mixture.
/// </summary>
public class NewSetTests
{
    private const int CallsMax = 200;

    private static readonly string[] Old = ["0: SET old 1", "0: SET old 2"];
    private static readonly string[] Data = ["0: SET a 1", "0: SET b 1"];
    private static readonly string[] Later = ["0: SET c 1", "0: SET d 1", "0: SET e 1"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_power_cut_leaves_one_set_or_the_other(bool hasOldSet)
    {
        string[] before = hasOldSet ? Old : [];
        bool sawOld = false, sawNew = false;
        for (int calls = 1; calls < CallsMax; calls++)
        {
            SimulatedFiles disk = Disk(hasOldSet, seed: calls);
            disk.PowerFailsAt = disk.Operations + calls;
            int acknowledged = TurnOn(disk);

            List<string> found = Load(disk.PowerCut());

            bool isOld = found.SequenceEqual(before);
            string[] whole = [.. Data, .. Later];
            bool isNew = found.Count >= Data.Length && found.SequenceEqual(whole.Take(found.Count));
            Assert.True(isOld || isNew, $"after {calls} calls: {string.Join("; ", found)}");
            Assert.True(found.Count >= acknowledged || acknowledged == 0, $"after {calls} calls {acknowledged} were promised and {found.Count} found");
            sawOld |= isOld;
            sawNew |= isNew && found.Count == whole.Length;
        }
        Assert.True(sawOld && sawNew);
    }

    [Fact]
    public void What_the_new_set_replaces_is_deleted()
    {
        SimulatedFiles disk = Disk(hasOldSet: true, seed: 1);
        string[] before = [.. disk.List("/data/appendonlydir")];

        TurnOn(disk);

        Assert.Empty(before.Intersect(disk.List("/data/appendonlydir")).Except(["appendonly.aof.manifest"]));
        Assert.Equal([.. Data, .. Later], Load(disk));
    }

    [Fact]
    public void A_rewrite_that_fails_leaves_the_older_set_and_can_be_tried_again()
    {
        SimulatedFiles disk = Disk(hasOldSet: true, seed: 1);
        using AppendOnlyFile log = AppendOnlyFile.OpenAnewWithoutThread(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), 0);
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        rewrite.Abort();
        rewrite.Finish();
        log.Flusher.Pass(isPeriodOver: true);
        Assert.True(log.AwaitsBase);
        Assert.Equal(Old, Load(disk.Kill()));

        WriteBase(log);

        Assert.False(log.AwaitsBase);
        Assert.Equal(Data, Load(disk.Kill()));
    }

    [Fact]
    public void A_manifest_that_cannot_be_stored_leaves_the_older_set_until_there_is_a_base()
    {
        SimulatedFiles disk = Disk(hasOldSet: true, seed: 1);
        using AppendOnlyFile log = AppendOnlyFile.OpenAnewWithoutThread(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), 0);
        disk.Fault = static (call, path) =>
        {
            if (call == SimulatedFiles.Call.Rename && path.EndsWith(".manifest", StringComparison.Ordinal)) throw new IOException("Input/output error");
        };
        WriteBase(log);
        disk.Fault = null;
        // The next rewrite has its increment, and not its base yet.
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        log.Flusher.Pass(isPeriodOver: true);
        Assert.True(log.AwaitsBase);
        Assert.Equal(Old, Load(disk.Kill()));
        Assert.Equal(Old, Load(disk.PowerCut()));

        rewrite.Abort();
        rewrite.Finish();
        WriteBase(log);
        Assert.Equal(Data, Load(disk.Kill()));
    }

    /// <summary>Turns the log on, and gives how many commands were promised to outlive a power cut.</summary>
    private static int TurnOn(SimulatedFiles disk)
    {
        int acknowledged = 0;
        try
        {
            AppendOnlyFile log = AppendOnlyFile.OpenAnewWithoutThread(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), 0);
            WriteBase(log);
            long offset = 0;
            for (int i = 0; i < Later.Length; i++)
            {
                byte[] command = [.. Commands.Of("SELECT", "0"), .. Commands.Of(Later[i][3..].Split(' '))];
                offset += command.Length;
                log.Accept(command, offset);
                log.Flusher.Pass(isPeriodOver: true);
                if (log.ReleasedOffset == offset && !log.AwaitsBase && !disk.IsOff) acknowledged = Data.Length + i + 1;
            }
        }
        catch (Exception failure) when (disk.IsOff && failure is PersistenceException or IOException)
        {
            // The end of this machine.
        }
        return acknowledged;
    }

    private static void WriteBase(AppendOnlyFile log)
    {
        AofRewrite rewrite = log.BeginRewriteWithoutThread();
        log.Flusher.Pass(isPeriodOver: true);
        rewrite.Append(Commands.Of("SELECT", "0"));
        foreach (string command in Data) rewrite.Append(Commands.Of(command[3..].Split(' ')));
        if (rewrite.IsRotated) rewrite.Finish();
    }

    private static SimulatedFiles Disk(bool hasOldSet, int seed)
    {
        var disk = new SimulatedFiles(seed);
        if (!hasOldSet) return disk;
        using AppendOnlyFile log = AppendOnlyFile.OpenWithoutThread(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always));
        byte[] bytes = [.. Commands.Of("SELECT", "0"), .. Old.SelectMany(command => Commands.Of(command[3..].Split(' ')))];
        log.Accept(bytes, bytes.Length);
        log.FlushNow();
        return disk;
    }

    private static List<string> Load(SimulatedFiles disk)
    {
        var target = new RecordingTarget();
        AofLoader.Load(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), target);
        return target.Applied;
    }
}
