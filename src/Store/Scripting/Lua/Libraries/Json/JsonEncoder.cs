namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Writes a value as JSON: a table is an array if its keys are whole numbers from 1 on, and an object else.</summary>
internal sealed partial class JsonEncoder(LuaState state, JsonSettings settings, ByteBuilder text)
{
    private const int StepsBetweenTicks = 256;

    // An element of an array takes one place of Lua's stack in redis-server, a key with its value two; some are taken before.
    private const int SlotsOfArray = 1;
    private const int SlotsOfObject = 2;
    private const int SlotsBefore = 4;

    private const int LevelsAtStart = 8;

    // The tables that are being written, outermost first: nesting costs no stack of the process.
    private Level[] _levels = new Level[LevelsAtStart];
    private int _depth;
    private int _slots = SlotsBefore;
    private int _steps;

    /// <summary>Writes a value.</summary>
    /// <exception cref="RefusalException">JSON has no such thing, or it is too deep or too sparse.</exception>
    internal void Write(LuaValue value)
    {
        Begin(value);
        while (_depth > 0)
        {
            if (++_steps % StepsBetweenTicks == 0) state.Tick(StepsBetweenTicks);
            ref Level level = ref _levels[_depth - 1];
            if (level.IsArray) ContinueArray(ref level);
            else ContinueObject(ref level);
        }
    }

    private void ContinueArray(ref Level level)
    {
        if (level.Index == level.ArrayLength)
        {
            text.Add((byte)']');
            _slots -= SlotsOfArray;
            _depth--;
            return;
        }
        if (level.Index > 0) text.Add((byte)',');
        level.Index++;
        Begin(level.Table.Get(level.Index));
    }

    private void ContinueObject(ref Level level)
    {
        bool isFirst = level.Key.IsNil;
        if (!level.Table.TryNext(ref level.Key, out LuaValue value))
        {
            text.Add((byte)'}');
            _slots -= SlotsOfObject;
            _depth--;
            return;
        }
        if (!isFirst) text.Add((byte)',');
        if (level.Key.IsNumber)
        {
            text.Add((byte)'"');
            AddNumber(level.Key.AsNumber);
            text.Add("\":"u8);
        }
        else if (level.Key.AsString is { } key)
        {
            AddString(key.Span);
            text.Add((byte)':');
        }
        else
        {
            throw Cannot(level.Key.Type, "table key must be a number or string");
        }
        Begin(value);
    }

    // Writes what is no table, and opens what is one.
    private void Begin(LuaValue value)
    {
        switch (value.Type)
        {
            case LuaType.String:
                AddString(value.AsString!.Span);
                break;
            case LuaType.Number:
                AddNumber(value.AsNumber);
                break;
            case LuaType.Boolean:
                text.Add(value.IsTrue ? "true"u8 : "false"u8);
                break;
            case LuaType.Table:
                Open(value.AsTable!);
                break;
            case LuaType.Nil or LuaType.Userdata:
                text.Add("null"u8);
                break;
            default:
                throw Cannot(value.Type, "type not supported");
        }
    }

    private void Open(LuaTable table)
    {
        if (++_depth > settings.EncodeDepthMax || _slots > LuaState.HostStackMax)
            throw new RefusalException($"Cannot serialise, excessive nesting ({_depth})");
        bool isMarked = ReferenceEquals(table.Metatable, settings.ArrayMark);
        int length = isMarked ? table.Length : ArrayLength(table);
        bool isArray = isMarked || length > 0;
        text.Add(isArray ? (byte)'[' : (byte)'{');
        _slots += isArray ? SlotsOfArray : SlotsOfObject;
        if (_depth > _levels.Length) Array.Resize(ref _levels, 2 * _levels.Length);
        _levels[_depth - 1] = new Level { Table = table, IsArray = isArray, ArrayLength = length };
    }

    // The highest key of a table that has no keys but whole numbers from 1 on; less than 1 for an object.
    private int ArrayLength(LuaTable table)
    {
        const int NoArray = -1;
        int highest = 0;
        int count = 0;
        LuaValue key = LuaValue.Nil;
        while (table.TryNext(ref key, out _))
        {
            if (++_steps % StepsBetweenTicks == 0) state.Tick(StepsBetweenTicks);
            if (!key.IsNumber || key.AsNumber < 1 || key.AsNumber != Math.Floor(key.AsNumber)) return NoArray;
            if (key.AsNumber > highest) highest = CCast.ToInt32(key.AsNumber);
            count++;
        }
        bool isSparse = settings.SparseRatio > 0 && highest > settings.SparseSafeLength && highest > (long)count * settings.SparseRatio;
        if (!isSparse) return highest;
        return settings.ConvertsSparseArrays ? NoArray : throw Cannot(LuaType.Table, "excessively sparse array");
    }

    private static RefusalException Cannot(LuaType type, string reason) => new($"Cannot serialise {LuaState.NameOf(type)}: {reason}");

    // A table and how far it is written.
    private struct Level
    {
        internal LuaTable Table;
        internal bool IsArray;
        internal int ArrayLength;
        internal int Index;
        internal LuaValue Key;
    }
}
