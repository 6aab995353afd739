using Galley.Store.Memory;

namespace Galley.Store.Keyspace.Eviction;

/// <summary>How soon a key goes, as a number: the higher, the sooner.</summary>
internal static class KeyRanking
{
    private const uint FrequencyMax = 255;
    private const long MillisecondsPerSecond = 1000;

    /// <summary>
    /// The score of an entry. That of an age is the second of the last use, counted from the end of time, so that a score
    /// that was noted some seconds ago is still the same.
    /// </summary>
    public static ulong ScoreOf(Ranking ranking, Databases space, BlockRef block)
    {
        KeyspaceClock clock = space.Clock;
        return ranking switch
        {
            Ranking.Age => ulong.MaxValue - (ulong)Math.Max(0, (clock.NowMs / MillisecondsPerSecond) - clock.IdleSeconds(UseOf(space.Arena, block))),
            Ranking.Frequency => FrequencyMax - clock.DecayedCounter(UseOf(space.Arena, block)),
            _ => ulong.MaxValue - (ulong)Math.Max(0, EntryExpiry.Of(space.Arena, block)),
        };
    }

    private static uint UseOf(Arena arena, BlockRef block) => Key.ReadUse(arena.Span(block, EntryLayout.NarrowHeader));
}
