namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>What becomes of NaN and the infinities in a document.</summary>
internal enum InvalidNumbers
{
    /// <summary>They are refused.</summary>
    Refused,

    /// <summary>They are written and read as C writes them.</summary>
    Allowed,

    /// <summary>They are written as null.</summary>
    AsNull,
}

/// <summary>The settings of one instance of cjson, which scripts may change and which last.</summary>
/// <param name="arrayMark">The metatable of tables that are arrays even when they are empty.</param>
internal sealed class JsonSettings(LuaTable arrayMark)
{
    /// <summary>The metatable of tables that are arrays even when they are empty.</summary>
    internal LuaTable ArrayMark { get; } = arrayMark;

    /// <summary>Whether decode marks arrays, so that an empty one is written as one again (redis-server has it since 8.4).</summary>
    internal bool MarksArrays { get; set; }

    /// <summary>Whether an excessively sparse array is written as an object, and not refused.</summary>
    internal bool ConvertsSparseArrays { get; set; }

    /// <summary>An array with more than so many places for each value is sparse; 0 allows any.</summary>
    internal int SparseRatio { get; set; } = 2;

    /// <summary>An array up to this length is never sparse.</summary>
    internal int SparseSafeLength { get; set; } = 10;

    /// <summary>How deep tables may nest.</summary>
    internal int EncodeDepthMax { get; set; } = 1000;

    /// <summary>How deep a document may nest.</summary>
    internal int DecodeDepthMax { get; set; } = 1000;

    /// <summary>Significant digits of numbers.</summary>
    internal int NumberPrecision { get; set; } = JsonLibrary.NumberPrecisionMax;

    /// <summary>For redis-server whether its buffer stays allocated; here it is only told back.</summary>
    internal bool KeepsBuffer { get; set; } = true;

    /// <summary>What encode makes of NaN and the infinities.</summary>
    internal InvalidNumbers EncodeInvalidNumbers { get; set; } = InvalidNumbers.Refused;

    /// <summary>Whether decode takes nan, infinity, hexadecimal and leading zeros.</summary>
    internal bool DecodesInvalidNumbers { get; set; } = true;
}
