namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// The chance of math.random in redis-server: a 48-bit congruence, that of POSIX's lrand48, so that a seed gives the same
/// numbers everywhere.
/// </summary>
public sealed class ScriptRandom
{
    private const ulong Multiplier = 0x5DEECE66D;
    private const ulong Increment = 0xB;
    private const ulong StateMask = (1UL << 48) - 1;
    private const int SeedShift = 16;
    private const ulong SeedFill = 0x330E;

    // redis-server starts from here, and no script resets it.
    private ulong _state = 0x1234ABCD330E;

    /// <summary>Starts again from a seed.</summary>
    public void Seed(int seed) => _state = (((ulong)(uint)seed << SeedShift) | SeedFill) & StateMask;

    /// <summary>The next number, from 0 to below 1.</summary>
    internal double Next()
    {
        const int DiscardedBits = 17;
        _state = ((_state * Multiplier) + Increment) & StateMask;
        long number = (long)(_state >> DiscardedBits);
        return number % int.MaxValue / (double)int.MaxValue;
    }
}
