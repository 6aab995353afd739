using System.Text;
using Galley.Store.Types;

namespace Galley.Store.Scripting.Lua;

/// <summary>A string of Lua: bytes that never change, with their hash kept once asked for.</summary>
public sealed class LuaString : LuaObject, IEquatable<LuaString>
{
    /// <summary>What a string takes beside its bytes: two headers of objects, and the fields.</summary>
    internal const int OverheadBytes = 56;

    /// <summary>The string of no bytes.</summary>
    public static readonly LuaString Empty = new([]);

    // Keyed by the process: whoever chooses keys cannot choose collisions.
    private static readonly KeyedHash Secret = KeyedHash.Create();
    internal static readonly ulong Multiplier = Secret.K0 | 1;

    private readonly byte[] _bytes;
    private int _hash;

    /// <summary>Takes an array over: nobody else may write to it afterwards.</summary>
    internal LuaString(byte[] bytes)
        : base(LuaType.String) => _bytes = bytes;

    /// <summary>The length in bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>By which a table finds it.</summary>
    internal int Hash => _hash != 0 ? _hash : GetHashCode();

    /// <summary>A copy of bytes.</summary>
    public static LuaString From(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : new LuaString(bytes.ToArray());

    /// <summary>Text of the host's own (names, messages), as UTF-8.</summary>
    public static LuaString From(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Text in which each character is a byte: messages, which quote what scripts hold.</summary>
    internal static LuaString FromLatin1(string text) => new(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc/>
    public bool Equals(LuaString? other) =>
        ReferenceEquals(this, other) || (other is not null && _bytes.Length == other._bytes.Length && Span.SequenceEqual(other.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LuaString);

    /// <summary>By bytes, as strcoll does in the C locale, which is the one redis-server compares scripts' strings in.</summary>
    public int CompareTo(LuaString other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_hash == 0) _hash = HashOf(_bytes);
        return _hash;
    }

    /// <summary>The hash that a string of these bytes has; never 0.</summary>
    internal static int HashOf(ReadOnlySpan<byte> bytes) => (int)Secret.Of(bytes) | (1 << 30);

    /// <summary>As Latin-1, for a debugger and for names that are ASCII.</summary>
    public override string ToString() => Encoding.Latin1.GetString(_bytes);
}
