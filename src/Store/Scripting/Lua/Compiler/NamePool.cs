namespace Galley.Store.Scripting.Lua;

/// <summary>The strings of one chunk, each once: constants are then equal if they are the same object. Reserved words are among them.</summary>
internal sealed class NamePool
{
    private static readonly (LuaString Name, TokenKind Kind)[] ReservedSlots = PlaceReserved();

    // Beyond this a string is compared with nothing: it is not a name.
    private const int PooledBytesMax = 64;

    private LuaString?[] _slots = new LuaString?[64];
    private int _count;

    /// <summary>The one object for a string.</summary>
    public LuaString Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > PooledBytesMax) return LuaString.From(text);
        int hash = LuaString.HashOf(text);
        for (int at = hash & (_slots.Length - 1); ; at = (at + 1) & (_slots.Length - 1))
        {
            LuaString? found = _slots[at];
            if (found is null) return Add(text, at);
            if (found.Span.SequenceEqual(text)) return found;
        }
    }

    /// <summary>The one object for a name, or the reserved word that it is.</summary>
    public LuaString Of(ReadOnlySpan<byte> text, out TokenKind kind)
    {
        kind = TokenKind.Name;
        if (text.Length is < 2 or > 8) return Of(text);
        (LuaString name, TokenKind reserved) = ReservedSlots[LuaString.HashOf(text) & (ReservedSlots.Length - 1)];
        if (name is null || !name.Span.SequenceEqual(text)) return Of(text);
        kind = reserved;
        return name;
    }

    private LuaString Add(ReadOnlySpan<byte> text, int at)
    {
        LuaString made = LuaString.From(text);
        made.GetHashCode();
        made.SeenBy = MemoryWalk.Shared;
        _slots[at] = made;
        if (++_count * 2 > _slots.Length) Grow();
        return made;
    }

    private void Grow()
    {
        LuaString?[] old = _slots;
        _slots = new LuaString?[old.Length * 2];
        foreach (LuaString? name in old)
        {
            if (name is null) continue;
            int at = LuaString.HashOf(name.Span) & (_slots.Length - 1);
            while (_slots[at] is not null) at = (at + 1) & (_slots.Length - 1);
            _slots[at] = name;
        }
    }

    // Reserved words lie in a table so large that no two share a place.
    private static (LuaString Name, TokenKind Kind)[] PlaceReserved()
    {
        for (int size = 64; ; size *= 2)
        {
            var slots = new (LuaString Name, TokenKind Kind)[size];
            bool clash = false;
            for (int i = 0; i < TokenNames.Reserved.Length; i++)
            {
                ref (LuaString Name, TokenKind Kind) slot = ref slots[LuaString.HashOf(TokenNames.Reserved[i].Span) & (size - 1)];
                clash |= slot.Name is not null;
                slot = (TokenNames.Reserved[i], (TokenKind)((int)TokenKind.And + i));
            }
            if (!clash) return slots;
        }
    }
}
