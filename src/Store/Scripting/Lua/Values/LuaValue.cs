using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua;

/// <summary>
/// A value of Lua: 16 bytes, an object and a number. The object says what it is: none is nil, a mark a number or a boolean,
/// anything else is the value itself. So nil is the default, and a number costs no allocation.
/// </summary>
public struct LuaValue : IEquatable<LuaValue>
{
    // Fields, and not read-only: the interpreter writes registers in place, and leaves the mark alone where a number follows a number.
    internal LuaObject? Object;
    internal double Number;

    private LuaValue(LuaObject? value, double number = 0)
    {
        Object = value;
        Number = number;
    }

    /// <summary>nil.</summary>
    public static LuaValue Nil => default;

    /// <summary>true.</summary>
    public static LuaValue True => new(LuaObject.TrueMark);

    /// <summary>false.</summary>
    public static LuaValue False => new(LuaObject.FalseMark);

    /// <summary>What it is.</summary>
    public readonly LuaType Type => Object is null ? LuaType.Nil : Object.Type;

    /// <summary>Whether it is nil.</summary>
    public readonly bool IsNil => Object is null;

    /// <summary>Whether it is a number (a string that reads as one is not).</summary>
    public readonly bool IsNumber => ReferenceEquals(Object, LuaObject.NumberMark);

    /// <summary>Whether a condition takes it for true: all but nil and false.</summary>
    public readonly bool IsTrue => Object is not null && !ReferenceEquals(Object, LuaObject.FalseMark);

    /// <summary>Whether it is true or false.</summary>
    public readonly bool IsBoolean => ReferenceEquals(Object, LuaObject.TrueMark) || ReferenceEquals(Object, LuaObject.FalseMark);

    /// <summary>The number; only where <see cref="IsNumber"/>.</summary>
    public readonly double AsNumber => Number;

    /// <summary>The string, or null where it is none (a number is none).</summary>
    public readonly LuaString? AsString => Object as LuaString;

    /// <summary>The table, or null where it is none.</summary>
    public readonly LuaTable? AsTable => Object as LuaTable;

    /// <summary>The function, or null where it is none.</summary>
    public readonly LuaFunction? AsFunction => Object as LuaFunction;

    /// <summary>A number.</summary>
    public static LuaValue From(double value) => new(LuaObject.NumberMark, value);

    /// <summary>A boolean.</summary>
    public static LuaValue From(bool value) => value ? True : False;

    /// <summary>A string, table, function or coroutine; nil for null.</summary>
    public static LuaValue From(LuaObject? value) => new(value);

    /// <summary>A number.</summary>
    public static implicit operator LuaValue(double value) => From(value);

    /// <summary>A boolean.</summary>
    public static implicit operator LuaValue(bool value) => From(value);

    /// <summary>A string, table, function or coroutine; nil for null.</summary>
    public static implicit operator LuaValue(LuaObject? value) => From(value);

    /// <summary>Writes a number here. The mark is left alone where it stands already: a reference written costs the collector's barrier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Become(double number)
    {
        if (!ReferenceEquals(Object, LuaObject.NumberMark)) Object = LuaObject.NumberMark;
        Number = number;
    }

    /// <summary>Copies a value here, without the barrier where both are of the same object (two numbers, above all).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Become(in LuaValue value)
    {
        if (!ReferenceEquals(Object, value.Object)) Object = value.Object;
        Number = value.Number;
    }

    /// <summary>Whether two values are the same without metamethods: rawequal.</summary>
    public readonly bool Equals(LuaValue other)
    {
        if (ReferenceEquals(Object, other.Object)) return !IsNumber || Number == other.Number;
        return Object is LuaString mine && other.Object is LuaString its && mine.Equals(its);
    }

    /// <inheritdoc/>
    public override readonly bool Equals([NotNullWhen(true)] object? obj) => obj is LuaValue other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => Object switch
    {
        null => 0,
        LuaString text => text.GetHashCode(),
        _ when IsNumber => HashOfNumber(Number),
        _ => RuntimeHelpers.GetHashCode(Object),
    };

    /// <summary>The hash of a number, one for 0 and -0.</summary>
    internal static int HashOfNumber(double number)
    {
        ulong mixed = (ulong)BitConverter.DoubleToInt64Bits(number + 0.0) * LuaString.Multiplier;
        return (int)(mixed >> 32);
    }

    /// <summary>Whether two values are the same without metamethods.</summary>
    public static bool operator ==(LuaValue left, LuaValue right) => left.Equals(right);

    /// <summary>Whether two values differ without metamethods.</summary>
    public static bool operator !=(LuaValue left, LuaValue right) => !left.Equals(right);

    /// <summary>For a debugger; Lua's own tostring is the state's.</summary>
    public override readonly string ToString() => Object switch
    {
        null => "nil",
        LuaString text => text.ToString(),
        _ when IsNumber => Number.ToString(CultureInfo.InvariantCulture),
        _ when IsBoolean => IsTrue ? "true" : "false",
        _ => Type.ToString(),
    };
}
