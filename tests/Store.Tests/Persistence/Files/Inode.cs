namespace Galley.Store.Tests.Persistence.Files;

/// <summary>
/// The content of a simulated file: as programs see it, as it was flushed, and what happened in between.
/// </summary>
internal sealed class Inode(byte[]? content = null)
{
    private readonly List<(int Offset, byte[]? Bytes)> _unflushed = [];
    private byte[] _content = content ?? [];
    private byte[] _flushed = content ?? [];
    private bool _hasLost;

    public ReadOnlyMemory<byte> Content => _content;

    public void Write(ReadOnlySpan<byte> bytes, int offset)
    {
        byte[] copy = bytes.ToArray();
        _content = Written(_content, offset, copy);
        _unflushed.Add((offset, copy));
    }

    public void Truncate(int length)
    {
        _content = Resized(_content, length);
        _unflushed.Add((length, null));
    }

    public void Flush()
    {
        // Only what was written since the last flush, failed or not, is still dirty.
        if (_hasLost)
            foreach ((int offset, byte[]? bytes) in _unflushed) _flushed = Applied(_flushed, offset, bytes);
        else
            _flushed = _content;
        _unflushed.Clear();
    }

    /// <summary>The kernel drops what it could not store, or keeps part of it, and shows the pages as clean.</summary>
    public void LoseUnflushed(Random random)
    {
        _flushed = AfterCut(random);
        _unflushed.Clear();
        _hasLost = true;
    }

    public Inode AfterPowerCut(Random random) => new(AfterCut(random));

    public Inode Whole() => new(_content);

    private byte[] AfterCut(Random random)
    {
        int kept = random.Next(3) == 0 ? 0 : random.Next(_unflushed.Count + 1);
        byte[] content = _flushed;
        for (int i = 0; i < kept; i++)
        {
            (int offset, byte[]? bytes) = _unflushed[i];
            content = Applied(content, offset, i == kept - 1 && bytes is not null ? Torn(bytes, random) : bytes);
        }
        return content;
    }

    private static byte[] Applied(byte[] content, int offset, byte[]? bytes) =>
        bytes is null ? Resized(content, offset) : Written(content, offset, bytes);

    private static byte[] Torn(byte[] bytes, Random random)
    {
        int whole = random.Next(bytes.Length + 1);
        bool isLengthKept = random.Next(4) == 0;
        return isLengthKept ? [.. bytes[..whole], .. new byte[bytes.Length - whole]] : bytes[..whole];
    }

    private static byte[] Written(byte[] content, int offset, byte[] bytes)
    {
        byte[] result = Resized(content, Math.Max(content.Length, offset + bytes.Length));
        bytes.CopyTo(result, offset);
        return result;
    }

    private static byte[] Resized(byte[] content, int length)
    {
        var result = new byte[length];
        content.AsSpan(0, Math.Min(length, content.Length)).CopyTo(result);
        return result;
    }
}
