using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>
/// The fields of a packed hash, one after another. While no field expires they are pairs; else they are triples, so that
/// an expiry costs nothing where there is none.
/// <code>
///   | field | value | field | value | ...
///   | field | value | expires | field | value | expires | ...       milliseconds since 1970, 0 for a field that stays
/// </code>
/// </summary>
internal ref struct PackedFields
{
    private const long StaysWord = 0;

    private readonly ReadOnlySpan<byte> _pack;
    private readonly bool _areTriples;

    /// <param name="areTriples">Each field has its expiry behind its value.</param>
    /// <param name="from">Where the walk begins: at a field, or at the end.</param>
    public PackedFields(ReadOnlySpan<byte> pack, bool areTriples, int from = 0)
    {
        _pack = pack;
        _areTriples = areTriples;
        End = from;
    }

    /// <summary>Where the field lies.</summary>
    public int FieldAt { get; private set; }

    /// <summary>Where its value lies.</summary>
    public int ValueAt { get; private set; }

    /// <summary>Where what belongs to the value ends and the expiry is, in a triple; else the end.</summary>
    public int ExpiryAt { get; private set; }

    /// <summary>Where the next field lies.</summary>
    public int End { get; private set; }

    /// <summary>In milliseconds since 1970, or <see cref="FieldLayout.Never"/>.</summary>
    public long ExpiresAtMs { get; private set; } = FieldLayout.Never;

    public readonly ListPackElement Field => ListPack.Read(_pack, FieldAt);

    public readonly ListPackElement Value => ListPack.Read(_pack, ValueAt);

    /// <summary>How many elements of the pack make a field.</summary>
    public static int WordsPerField(bool areTriples) => areTriples ? 3 : 2;

    /// <summary>The number that stands for an expiry in a triple.</summary>
    public static long WordOf(long expiresAtMs) => expiresAtMs == FieldLayout.Never ? StaysWord : expiresAtMs;

    /// <summary>Goes to the next field; false after the last.</summary>
    public bool TryNext()
    {
        if (End == _pack.Length) return false;
        Read(End);
        return true;
    }

    /// <summary>Goes to the field of this name; false, and nowhere, if there is none.</summary>
    public bool TryFind(scoped ReadOnlySpan<byte> name)
    {
        int at = ListPack.Find(_pack, name, WordsPerField(_areTriples));
        if (at < 0) return false;
        Read(at);
        return true;
    }

    private void Read(int at)
    {
        FieldAt = at;
        ValueAt = ListPack.Next(_pack, at);
        ExpiryAt = End = ListPack.Next(_pack, ValueAt);
        if (!_areTriples) return;
        long word = ListPack.Read(_pack, ExpiryAt).Integer;
        ExpiresAtMs = word == StaysWord ? FieldLayout.Never : word;
        End = ListPack.Next(_pack, ExpiryAt);
    }
}
