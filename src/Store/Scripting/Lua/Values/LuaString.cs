using System.Text;

namespace Galley.Store.Scripting.Lua;

/// <summary>A string of Lua: bytes that never change, with their hash kept once asked for.</summary>
public sealed class LuaString : LuaObject, IEquatable<LuaString>
{
    /// <summary>The string of no bytes.</summary>
    public static readonly LuaString Empty = new([]);

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

    /// <summary>A copy of bytes.</summary>
    public static LuaString From(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : new LuaString(bytes.ToArray());

    /// <summary>Text of the host's own (names, messages), as UTF-8.</summary>
    public static LuaString From(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public bool Equals(LuaString? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _bytes.Length == other._bytes.Length && GetHashCode() == other.GetHashCode() && Span.SequenceEqual(other.Span));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LuaString);

    /// <summary>By bytes, as strcoll does in the C locale, which is the one redis-server compares scripts' strings in.</summary>
    public int CompareTo(LuaString other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (_hash != 0) return _hash;
        var hash = new HashCode(); // Keyed by the process: whoever chooses keys cannot choose collisions.
        hash.AddBytes(_bytes);
        _hash = hash.ToHashCode() | 1;
        return _hash;
    }

    /// <summary>As Latin-1, for a debugger and for names that are ASCII.</summary>
    public override string ToString() => Encoding.Latin1.GetString(_bytes);
}
