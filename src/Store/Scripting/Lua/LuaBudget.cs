namespace Galley.Store.Scripting.Lua;

/// <summary>
/// What a script may still use: bytes of memory. Everything that a script can make grow is charged here before it grows.
/// What has become garbage is charged, too, until the bound is reached: then what can still be reached is counted anew.
/// </summary>
public sealed class LuaBudget
{
    // After a count, at least this part of the bound may be charged before the next: so a script near its bound does not count without end.
    private const int Slack = 16;

    // As many elements are moved in the time of about one instruction.
    private const int ElementsForNothing = 8;

    // What a function of the host holds has no root yet: what it has charged since it began is taken for alive.
    private long _hostBegan = long.MaxValue;
    private long _total;
    private long _limit = long.MaxValue;

    /// <summary>The most bytes that may be charged.</summary>
    public long BytesMax
    {
        get;
        set
        {
            field = value;
            _limit = value;
        }
    } = long.MaxValue;

    /// <summary>Bytes charged by now, garbage that has not been discovered included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Counts what can be reached; set by the state.</summary>
    internal Func<long>? Count { get; set; }

    /// <summary>Charged by functions of the host that have called back into the script, and go on afterwards.</summary>
    internal long HeldByOuter { get; private set; }

    /// <summary>Counts work that is not seen in instructions; set by the state.</summary>
    internal Action<int>? Tick { get; set; }

    /// <summary>So many elements are about to be moved or looked at.</summary>
    internal void Work(int elements)
    {
        if (elements >= ElementsForNothing) Tick?.Invoke(elements / ElementsForNothing);
    }

    /// <summary>Charges bytes before they are allocated.</summary>
    /// <exception cref="LuaException">not enough memory.</exception>
    public void Charge(long bytes)
    {
        Bytes += bytes;
        _total += bytes;
        if (Bytes > _limit) Recount(bytes);
    }

    /// <summary>Counts what can be reached, and forgets the rest.</summary>
    /// <param name="pending">Bytes that are about to be allocated.</param>
    /// <exception cref="LuaException">not enough memory.</exception>
    internal void Recount(long pending)
    {
        if (Count is not null) Settle(pending);
        if (Bytes > BytesMax) throw new LuaException("not enough memory");
    }

    /// <summary>The same, whether it is too much or not: the next charge will tell.</summary>
    internal void Settle(long pending)
    {
        Bytes = Count!() + HeldByOuter + (_hostBegan == long.MaxValue ? pending : HeldByHost);
        if (BytesMax < long.MaxValue) _limit = Bytes <= BytesMax ? Math.Max(BytesMax, Bytes + (BytesMax / Slack)) : BytesMax;
    }

    private long HeldByHost => _hostBegan == long.MaxValue ? 0 : _total - _hostBegan;

    internal void BeginHost() => _hostBegan = _total;

    internal void EndHost() => _hostBegan = long.MaxValue;

    /// <summary>A function of the host calls back into the script.</summary>
    internal HostAccount LeaveHost()
    {
        var account = new HostAccount(HeldByOuter, HeldByHost, _hostBegan == long.MaxValue);
        HeldByOuter += account.Held;
        _hostBegan = long.MaxValue;
        return account;
    }

    /// <summary>It goes on.</summary>
    internal void ReturnToHost(in HostAccount account)
    {
        HeldByOuter = account.HeldByOuter;
        _hostBegan = account.IsScript ? long.MaxValue : _total - account.Held;
    }
}

/// <summary>What a function of the host had charged when it called back.</summary>
internal readonly record struct HostAccount(long HeldByOuter, long Held, bool IsScript);
