using System.Buffers;
using System.Text;

namespace Galley.Resp.Protocol;

public sealed partial class RespWriter
{
    private const int ErrorCodeBytesMax = 32;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly byte[] _errorCode = new byte[ErrorCodeBytesMax];
    private int _errorCodeLength;

    /// <summary>How many error replies were written since the writer was made; the engine compares before and after.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>The first word of the last error, such as ERR or WRONGTYPE; empty if there was none.</summary>
    public string LastErrorCode => Encoding.Latin1.GetString(_errorCode, 0, _errorCodeLength);

    /// <summary>An error, its code first: <c>ERR syntax error</c>. CR and LF in it become spaces, or go if they end it.</summary>
    public void Error(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd("\r\n"u8);
        Span<byte> room = Output.GetSpan(1 + text.Length + EndBytes);
        text.CopyTo(room[1..]);
        EndError(room, text.Length);
    }

    /// <summary>An error that quotes what a client sent; encoded as Latin-1, one byte a character.</summary>
    public void Error(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().TrimEnd("\r\n");
        Span<byte> room = Output.GetSpan(1 + trimmed.Length + EndBytes);
        Encoding.Latin1.GetBytes(trimmed, room[1..]);
        EndError(room, trimmed.Length);
    }

    private void EndError(Span<byte> room, int length)
    {
        room[0] = (byte)'-';
        Span<byte> text = room.Slice(1, length);
        // Whoever echoes a client's bytes must not let it forge a reply.
        text.ReplaceAny(LineEnds, (byte)' ');
        KeepCode(text);
        End(room, 1 + length);
        ErrorCount++;
    }

    private void KeepCode(ReadOnlySpan<byte> text)
    {
        int space = text.IndexOf((byte)' ');
        _errorCodeLength = Math.Min(space < 0 ? text.Length : space, ErrorCodeBytesMax);
        text[.._errorCodeLength].CopyTo(_errorCode);
    }
}
