using Galley.Resp.Protocol;
using Galley.Store.Configuration;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// What redis-server would show of a set that is being filled: integers as long as there is nothing else and not too many,
/// then a listpack as long as it is small, then a hash table for good. What is taken out again changes nothing.
/// </summary>
internal struct SetShape(Settings settings)
{
    private readonly Settings _settings = settings;
    private long _count;
    private int _longest;

    /// <summary>What OBJECT ENCODING shows of what was added so far.</summary>
    public ValueEncoding Encoding { get; private set; } = ValueEncoding.IntSet;

    /// <summary>All that was added are integers.</summary>
    public bool HasOnlyIntegers { get; private set; } = true;

    /// <summary>The encoding of what was added by a command that begins with a listpack, and looks for integers at its end.</summary>
    public readonly ValueEncoding EncodingAtEnd =>
        HasOnlyIntegers && _count <= _settings.SetIntsetEntriesMax ? ValueEncoding.IntSet
        : Next(_settings, ValueEncoding.ListPack, _count, _longest, isInteger: false);

    /// <summary>Takes note of one member more.</summary>
    public void Add(ListPackElement member)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        bool isInteger = HasOnlyIntegers && (member.IsInteger || Numbers.TryParseInt64(member.TextIn(digits), out _));
        HasOnlyIntegers = isInteger;
        _longest = Math.Max(_longest, member.Length);
        Encoding = Next(_settings, Encoding, ++_count, _longest, isInteger);
    }

    /// <summary>The encoding of a set of one member, and its value where that is an integer.</summary>
    public static ValueEncoding Of(Settings settings, ReadOnlySpan<byte> member, out long value)
    {
        bool isInteger = Numbers.TryParseInt64(member, out value) && settings.SetIntsetEntriesMax > 0;
        return isInteger ? ValueEncoding.IntSet : Next(settings, ValueEncoding.ListPack, 1, member.Length, isInteger: false);
    }

    /// <summary>The encoding of a set of this encoding to which one was added.</summary>
    /// <param name="count">How many it has with that one.</param>
    /// <param name="longest">The length of the longest of those that may yet be the first to be too long.</param>
    /// <param name="isInteger">What was added is an integer.</param>
    public static ValueEncoding Next(Settings settings, ValueEncoding encoding, long count, int longest, bool isInteger)
    {
        if (encoding == ValueEncoding.HashTable) return encoding;
        if (encoding == ValueEncoding.IntSet && isInteger)
            return count <= settings.SetIntsetEntriesMax ? ValueEncoding.IntSet : ValueEncoding.HashTable;
        bool isSmall = count <= settings.SetListpackEntriesMax && longest <= settings.SetListpackValueBytesMax;
        return isSmall ? ValueEncoding.ListPack : ValueEncoding.HashTable;
    }
}
