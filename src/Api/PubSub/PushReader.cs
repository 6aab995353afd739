using System.Buffers.Text;

namespace Galley.Api.PubSub;

/// <summary>Reads the pushes of the engine, which are whole and well-formed, piece by piece.</summary>
internal struct PushReader(ReadOnlyMemory<byte> resp)
{
    private ReadOnlyMemory<byte> _rest = resp;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The number in a line: the count of an array, or an integer.</summary>
    public int ReadNumber()
    {
        ReadOnlySpan<byte> span = _rest.Span;
        int end = span.IndexOf("\r\n"u8);
        int number = Utf8Parser.TryParse(span[1..end], out int value, out _) ? value : 0;
        _rest = _rest[(end + 2)..];
        return number;
    }

    public ReadOnlyMemory<byte> ReadBulk()
    {
        int length = ReadNumber();
        ReadOnlyMemory<byte> bulk = _rest[..length];
        _rest = _rest[(length + 2)..];
        return bulk;
    }
}
