using System.Buffers.Binary;
using System.Numerics;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>bit</c> of redis-server: 32-bit integers in doubles, signed when they come out.</summary>
public static class BitLibrary
{
    private const int HexDigitsMax = 8;

    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "bit");
        AddOfOne(library, "tobit", static x => x);
        AddOfOne(library, "bnot", static x => ~x);
        AddOfOne(library, "bswap", static x => BinaryPrimitives.ReverseEndianness(x));
        AddOfMany(library, "band", static (a, b) => a & b);
        AddOfMany(library, "bor", static (a, b) => a | b);
        AddOfMany(library, "bxor", static (a, b) => a ^ b);
        AddShift(library, "lshift", static (x, n) => x << n);
        AddShift(library, "rshift", static (x, n) => x >>> n);
        AddShift(library, "arshift", static (x, n) => x >> n);
        AddShift(library, "rol", static (x, n) => (int)BitOperations.RotateLeft((uint)x, n));
        AddShift(library, "ror", static (x, n) => (int)BitOperations.RotateRight((uint)x, n));
        Library.Add(library, "tohex", ToHex);
        return library;
    }

    private static void AddOfOne(LuaTable library, string name, Func<int, int> function) =>
        Library.Add(library, name, (ref NativeCall call) => call.Return(function(CheckBits(call, 0))));

    private static void AddOfMany(LuaTable library, string name, Func<int, int, int> function) =>
        Library.Add(library, name, (ref NativeCall call) =>
        {
            int bits = CheckBits(call, 0);
            for (int i = 1; i < call.Count; i++) bits = function(bits, CheckBits(call, i));
            call.Return(bits);
        });

    private static void AddShift(LuaTable library, string name, Func<int, int, int> function) =>
        Library.Add(library, name, (ref NativeCall call) => call.Return(function(CheckBits(call, 0), CheckBits(call, 1) & 31)));

    // The digits are capitals where their number is negative.
    private static void ToHex(ref NativeCall call)
    {
        int bits = CheckBits(call, 0);
        int wanted = call.Count < 2 ? HexDigitsMax : CheckBits(call, 1);
        ReadOnlySpan<byte> digits = wanted < 0 ? "0123456789ABCDEF"u8 : "0123456789abcdef"u8;
        int count = wanted == int.MinValue ? HexDigitsMax : Math.Min(Math.Abs(wanted), HexDigitsMax);
        Span<byte> text = stackalloc byte[HexDigitsMax];
        for (int i = count - 1; i >= 0; i--, bits >>= 4) text[i] = digits[bits & 0xF];
        call.Return(call.State.NewString(text[..count]));
    }

    // A number so large that its last binary digit counts ones shows its integer, rounded to even, in its lowest 32 bits.
    private static int CheckBits(in NativeCall call, int index)
    {
        const double OnesInLastDigit = 6755399441055744.0; // 2^52 + 2^51
        return (int)BitConverter.DoubleToInt64Bits(call.CheckNumber(index) + OnesInLastDigit);
    }
}
