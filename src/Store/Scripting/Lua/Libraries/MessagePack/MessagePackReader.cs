using System.Buffers.Binary;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Reads values from MessagePack, one after the other; nesting costs no stack of the process.</summary>
internal ref struct MessagePackReader
{
    private const int StepsBetweenTicks = 256;

    // What an array under way, or the key of a map, takes of Lua's stack in redis-server.
    private const int SlotsOfArray = 2;
    private const int SlotsOfMap = 1;
    private const int SlotsOfKey = 1;
    private const int SlotsOfInput = 1;

    private readonly LuaState _state;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Stack<Level> _levels = new();
    private int _slots;
    private int _steps;

    /// <summary>A reader from the start of bytes.</summary>
    internal MessagePackReader(LuaState state, ReadOnlySpan<byte> bytes)
    {
        _state = state;
        _bytes = bytes;
    }

    /// <summary>How many bytes have been read.</summary>
    internal int Position { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    internal readonly bool IsAtEnd => Position == _bytes.Length;

    /// <summary>Reads a value.</summary>
    /// <param name="valuesBefore">How many results are there already: they count against Lua's stack.</param>
    /// <exception cref="RefusalException">It is cut off, no MessagePack, or nests too deep.</exception>
    internal LuaValue Read(int valuesBefore)
    {
        _slots = SlotsOfInput + valuesBefore;
        while (true)
        {
            if (++_steps % StepsBetweenTicks == 0) _state.Tick(StepsBetweenTicks);
            if (IsAtEnd) throw Missing();
            if (_slots + 1 > LuaState.HostStackMax)
                throw new RefusalException("stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)");
            if (!TryReadScalar(out LuaValue value)) continue;

            // A value may be the last of the table that holds it, which is a value in its turn.
            while (_levels.TryPop(out Level level))
            {
                Store(ref level, value);
                if (level.Remaining > 0)
                {
                    _levels.Push(level);
                    break;
                }
                _slots -= level.IsMap ? SlotsOfMap : SlotsOfArray;
                value = level.Table;
                if (_levels.Count == 0) return value;
            }
            if (_levels.Count == 0) return value;
        }
    }

    private void Store(ref Level level, LuaValue value)
    {
        level.Remaining--;
        if (!level.IsMap)
        {
            level.Table.Set(++level.Index, value);
            return;
        }
        level.HoldsKey = !level.HoldsKey;
        if (level.HoldsKey)
        {
            level.Key = value;
            _slots += SlotsOfKey;
            return;
        }
        if (level.Key.IsNil) throw new LuaException("table index is nil");
        if (level.Key.IsNumber && double.IsNaN(level.Key.AsNumber)) throw new LuaException("table index is NaN");
        level.Table.Set(level.Key, value);
        _slots -= SlotsOfKey;
    }

    // Reads a value, or opens a table that is not empty.
    private bool TryReadScalar(out LuaValue value)
    {
        byte mark = _bytes[Position++];
        value = LuaValue.Nil;
        switch (mark)
        {
            case <= 0x7F: value = mark; return true;
            case >= 0xE0: value = (sbyte)mark; return true;
            case <= 0x8F: return TryOpen(mark & 0x0F, isMap: true, out value);
            case <= 0x9F: return TryOpen(mark & 0x0F, isMap: false, out value);
            case <= 0xBF: value = ReadString(mark & 0x1F); return true;
            case 0xC0: return true;
            case 0xC2: value = false; return true;
            case 0xC3: value = true; return true;
            case 0xCA: value = BinaryPrimitives.ReadSingleBigEndian(Take(sizeof(float))); return true;
            case 0xCB: value = BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double))); return true;
            case 0xCC: value = Take(1)[0]; return true;
            case 0xCD: value = BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort))); return true;
            case 0xCE: value = BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint))); return true;
            case 0xCF or 0xD3: value = BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long))); return true; // The unsigned one is signed in redis-server, too.
            case 0xD0: value = (sbyte)Take(1)[0]; return true;
            case 0xD1: value = BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short))); return true;
            case 0xD2: value = BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int))); return true;
            case 0xD9: value = ReadString(Take(1)[0]); return true;
            case 0xDA: value = ReadString(BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)))); return true;
            case 0xDB: value = ReadString(BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)))); return true;
            case 0xDC or 0xDE: return TryOpen(BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort))), mark == 0xDE, out value);
            case 0xDD or 0xDF: return TryOpen(BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint))), mark == 0xDF, out value);
            default: throw new RefusalException("Bad data format in input.");
        }
    }

    private bool TryOpen(long count, bool isMap, out LuaValue empty)
    {
        if (!isMap && _slots + SlotsOfArray > LuaState.HostStackMax) throw new RefusalException("stack overflow (in function mp_decode_to_lua_array)");
        // What is announced need not come: the table grows with what is there.
        LuaTable table = _state.NewTable();
        empty = table;
        if (count == 0) return true;
        _slots += isMap ? SlotsOfMap : SlotsOfArray;
        _levels.Push(new Level { Table = table, IsMap = isMap, Remaining = isMap ? 2 * count : count });
        return false;
    }

    private LuaString ReadString(long length) => length > _bytes.Length - Position ? throw Missing() : _state.NewString(Take((int)length));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - Position) throw Missing();
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    private static RefusalException Missing() => new("Missing bytes in input.");

    // A table under way.
    private struct Level
    {
        internal LuaTable Table;
        internal bool IsMap;
        internal long Remaining;
        internal int Index;
        internal LuaValue Key;
        internal bool HoldsKey;
    }
}
