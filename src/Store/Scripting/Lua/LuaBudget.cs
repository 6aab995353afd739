namespace Galley.Store.Scripting.Lua;

/// <summary>What a script may still use: bytes of memory. Everything that a script can make grow is charged here before it grows.</summary>
public sealed class LuaBudget
{
    /// <summary>The most bytes that may be charged.</summary>
    public long BytesMax { get; set; } = long.MaxValue;

    /// <summary>Bytes charged by now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Charges bytes before they are allocated.</summary>
    /// <exception cref="LuaException">not enough memory.</exception>
    public void Charge(long bytes)
    {
        Bytes += bytes;
        if (Bytes > BytesMax) throw new LuaException(LuaString.From("not enough memory"u8));
    }
}
