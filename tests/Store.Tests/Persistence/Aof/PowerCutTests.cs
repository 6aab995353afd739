using Galley.Store.Persistence.Aof;
using Galley.Store.Tests.Persistence.Files;
using Xunit;

namespace Galley.Store.Tests.Persistence.Aof;

/// <summary>
/// A random life of the append-only file on a disk that forgets, with rewrites, full disks, failed flushes and renames;
/// the power fails at a random call, also while the server starts, and what is loaded then is compared with what was
/// released. 40 seeds; 250 with GALLEY_FULL=1. Every seed is four lives on the same disk: a thousand random calls for each policy.
/// </summary>
public class PowerCutTests
{
    private const int LivesOfOneDisk = 4;

    public static TheoryData<int> Seeds { get; } =
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("GALLEY_FULL") == "1" ? 250 : 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_released_under_always_is_lost(int seed) => Live(seed, [FsyncPolicy.Always]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_released_under_always_is_lost_when_the_policy_changes(int seed) =>
        Live(seed, [FsyncPolicy.Always, FsyncPolicy.EverySecond]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_lost_under_everysec_is_of_the_last_two_seconds(int seed) => Live(seed, [FsyncPolicy.EverySecond]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_comes_back_under_no_is_a_prefix(int seed) => Live(seed, [FsyncPolicy.No]);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_released_under_everysec_is_lost_by_a_kill(int seed) => Live(seed, [FsyncPolicy.EverySecond], isKill: true);

    private static void Live(int seed, FsyncPolicy[] policies, bool isKill = false)
    {
        var random = new Random(seed * 7919);
        var disk = new SimulatedFiles(seed);
        var history = new List<string>();
        for (int life = 0; life < LivesOfOneDisk; life++)
        {
            disk.PowerFailsAt = disk.Operations + random.Next(4, 400);
            var server = new SimulatedServer(disk, random, policies, history);
            server.Run(steps: 300);
            disk = isKill ? disk.Kill() : disk.PowerCut();
            history = Reload(disk, server, isKill);
        }
    }

    /// <summary>
    /// Loads what the disk kept: all that was released, in order, and nothing that was never accepted.
    /// </summary>
    private static List<string> Reload(SimulatedFiles disk, SimulatedServer server, bool isKill)
    {
        var target = new RecordingTarget();
        AofLoader.Load(SimulatedServer.OptionsOn(disk, FsyncPolicy.Always), target);

        Assert.False(target.IsInUnit);
        int required = isKill ? server.ReleasedCommands : server.DurableCommands;
        Assert.InRange(target.Applied.Count, required, server.History.Count);
        Assert.Equal(server.History.Take(target.Applied.Count), target.Applied);
        Assert.True(server.Ends.Contains(target.Applied.Count), "A unit was applied in part.");
        return target.Applied;
    }
}
