using System.Buffers.Text;
using System.Diagnostics;
using Galley.Api.Rest;

namespace Galley.Api.Typed;

/// <summary>Goes through replies of the engine, which are whole and well-formed.</summary>
internal ref struct RespCursor(ReadOnlySpan<byte> resp)
{
    private ReadOnlySpan<byte> _rest = resp;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int RemainingBytes => _rest.Length;

    /// <summary>The first byte of the next value.</summary>
    public readonly byte Type => _rest[0];

    public readonly bool IsError => Type is (byte)'-' or (byte)'!';

    /// <summary>A second cursor at the same place.</summary>
    public readonly RespCursor Copy() => this;

    /// <summary>The rest of the line after its first byte.</summary>
    public ReadOnlySpan<byte> ReadLine()
    {
        int end = _rest.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = _rest[1..end];
        _rest = _rest[(end + 2)..];
        return line;
    }

    /// <summary>The number of elements or bytes of what follows; -1 for the nulls of RESP2.</summary>
    public int ReadLength()
    {
        bool isNumber = Utf8Parser.TryParse(ReadLine(), out int length, out _);
        Debug.Assert(isNumber);
        return length;
    }

    /// <summary>The bytes of a value that says its length first.</summary>
    public ReadOnlySpan<byte> ReadBlob()
    {
        int length = ReadLength();
        ReadOnlySpan<byte> blob = _rest[..length];
        _rest = _rest[(length + 2)..];
        return blob;
    }

    /// <summary>The text of an error, a status or a bulk string.</summary>
    public ReadOnlySpan<byte> ReadText() => Type is (byte)'$' or (byte)'!' ? ReadBlob() : ReadLine();

    public void Skip() => _rest = _rest[RespLength.OfFirst(_rest)..];
}
