using Galley.Store.Keyspace;

namespace Galley.Store.Commands.Hashes;

/// <summary>The lists of field names that a client has prepared for HIMPORT SET, by name. They end with its session.</summary>
public sealed class FieldSets
{
    /// <summary>The most that one client may have; redis-server sets no bound.</summary>
    public const int CountMax = 1024;

    /// <summary>The most bytes that their names and fields may have together.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    private readonly Dictionary<byte[], byte[][]> _sets = new(BytesComparer.Instance);
    private long _bytes;

    /// <summary>Keeps the fields under this name, in the place of those that it had; false where there is no room.</summary>
    internal bool TryPrepare(ReadOnlySpan<byte> name, byte[][] fields)
    {
        Discard(name);
        long bytes = BytesOf(name, fields);
        if (_sets.Count == CountMax || _bytes + bytes > BytesMax) return false;
        _sets.Add(name.ToArray(), fields);
        _bytes += bytes;
        return true;
    }

    internal bool TryFind(ReadOnlySpan<byte> name, out byte[][] fields) =>
        _sets.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out fields!);

    /// <summary>Forgets one; false if there was none of this name.</summary>
    internal bool Discard(ReadOnlySpan<byte> name)
    {
        if (!_sets.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out byte[][]? fields)) return false;
        _bytes -= BytesOf(name, fields);
        return true;
    }

    /// <summary>Forgets all, and tells how many there were.</summary>
    internal int DiscardAll()
    {
        int count = _sets.Count;
        _sets.Clear();
        _bytes = 0;
        return count;
    }

    private static long BytesOf(ReadOnlySpan<byte> name, byte[][] fields) => name.Length + fields.Sum(field => (long)field.Length);
}
