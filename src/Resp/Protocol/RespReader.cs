using System.Diagnostics;

namespace Galley.Resp.Protocol;

public enum ReadStatus
{
    /// <summary>No whole command is there yet.</summary>
    Incomplete,

    /// <summary>A command was read (an empty one is skipped and never reported).</summary>
    Command,

    /// <summary>The input is not RESP: <see cref="RespReader.ProtocolError"/> says why; reply and close.</summary>
    ProtocolError,
}

/// <summary>
/// Cuts what one client sends into commands: RESP arrays of bulk strings, or inline commands. Keeps its place in a
/// command that has not arrived whole, so that no byte is looked at twice.
/// <code>
///   multibulk   *2\r\n $3\r\n GET\r\n $1\r\n k\r\n          inline   GET k\r\n
///
///   buffer      | done | the command being read        | free      |
///                      ^_start              ^_at        ^_end
/// </code>
/// Between two commands <c>_start</c> and <c>_at</c> are one. In a multibulk, <c>_at</c> is past the last argument
/// or length line read, and <c>_missing</c> arguments are still to come. As in redis-server the byte after CR is not
/// looked at, nor are the two bytes after an argument; a zero byte in a line is a byte like others.
/// </summary>
public sealed partial class RespReader(RespLimits limits)
{
    private const int SlicesAtFirst = 8;
    private const int SlicesKeptMax = 64;

    private readonly RespLimits _limits = limits;
    private ArgumentSlice[] _slices = [];
    private int _count;
    private int _missing;
    private int _bulkBytes = -1;
    private int _searched;

    /// <summary>Before authentication the limits are narrow.</summary>
    public bool IsAuthenticated { get; set; }

    /// <summary>The text after "Protocol error: " in redis-server's reply.</summary>
    public string? ProtocolError { get; private set; }

    /// <summary>Bytes received and not yet read as commands.</summary>
    public int PendingBytes => _end - _start;

    /// <summary>Bytes of the arguments that have come of a command which has not come whole.</summary>
    public long ArgumentBytes => _missing == 0 ? 0 : new Arguments(_buffer, _slices, _count).TotalBytes;

    /// <summary>More is pending than a client may send ahead: the transport ends the connection, as redis-server does.</summary>
    public bool IsOverLimit => PendingBytes > _limits.QueryBufferBytesMax;

    /// <summary>Reads the next command. The arguments are valid until the next call, and until <see cref="GetInput"/>.</summary>
    public ReadStatus TryRead(out Arguments arguments)
    {
        if (_missing == 0)
        {
            ReadStatus begun = TryBegin();
            if (begun != ReadStatus.Command)
            {
                arguments = Arguments.Empty;
                return begun;
            }
        }
        if (_missing > 0)
        {
            ReadStatus read = TryReadArguments();
            if (read != ReadStatus.Command)
            {
                arguments = Arguments.Empty;
                return read;
            }
        }
        _start = _at;
        arguments = new Arguments(_buffer, _slices, _count);
        return ReadStatus.Command;
    }

    /// <summary>Reads the head of a multibulk, or the whole of an inline command; empty ones are skipped.</summary>
    private ReadStatus TryBegin()
    {
        if (ProtocolError is not null) return ReadStatus.ProtocolError;
        while (_start < _end)
        {
            _count = 0;
            if (_buffer[_start] != '*')
            {
                ReadStatus inline = TryReadInline();
                if (inline != ReadStatus.Command || _count > 0) return inline;
                _start = _at;
                continue;
            }
            ReadStatus head = TryReadLength("too big mbulk count string", "invalid multibulk length", out long length);
            if (head != ReadStatus.Command) return head;
            if (length > RespLimits.ArgumentsMax) return Fail("invalid multibulk length");
            if (!IsAuthenticated && length > RespLimits.UnauthenticatedArgumentsMax) return Fail("unauthenticated multibulk length");
            if (length > 0)
            {
                _missing = (int)length;
                return ReadStatus.Command;
            }
            _start = _at;
        }
        return ReadStatus.Incomplete;
    }

    private ReadStatus TryReadArguments()
    {
        while (_missing > 0)
        {
            if (_bulkBytes < 0)
            {
                ReadStatus head = TryReadBulkLength();
                if (head != ReadStatus.Command) return head;
            }
            // Two more for CR LF; neither sum can overflow, since what is received fits an array.
            if (_end - _at - 2 < _bulkBytes) return ReadStatus.Incomplete;
            if (_count == _slices.Length) Array.Resize(ref _slices, Math.Max(SlicesAtFirst, _count * 2));
            _slices[_count++] = new ArgumentSlice(_at, _bulkBytes);
            _at += _bulkBytes + 2;
            _bulkBytes = -1;
            _missing--;
        }
        return ReadStatus.Command;
    }

    private ReadStatus TryReadBulkLength()
    {
        if (_at == _end) return ReadStatus.Incomplete;
        if (_buffer[_at] != '$') return Fail($"expected '$', got '{(char)_buffer[_at]}'");
        ReadStatus head = TryReadLength("too big bulk count string", "invalid bulk length", out long length);
        if (head != ReadStatus.Command) return head;
        if (length < 0 || length > _limits.BulkBytesMax || length > BulkBytesHeldMax) return Fail("invalid bulk length");
        if (!IsAuthenticated && length > RespLimits.UnauthenticatedBulkBytesMax) return Fail("unauthenticated bulk length");
        _bulkBytes = (int)length;
        return ReadStatus.Command;
    }

    /// <summary>Reads a line of a type byte and a number. Lengths of one to three digits, nearly all there are, are read here.</summary>
    private ReadStatus TryReadLength(string tooBig, string invalid, out long length)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_at, _end - _at);
        if (line.Length >= 6)
        {
            uint first = line[1] - (uint)'0';
            uint second = line[2] - (uint)'0';
            if (line[2] == '\r' && first <= 9)
            {
                length = first;
                _at += 4;
                return ReadStatus.Command;
            }
            if (line[3] == '\r' && first - 1 < 9 && second <= 9)
            {
                length = first * 10 + second;
                _at += 5;
                return ReadStatus.Command;
            }
            uint third = line[3] - (uint)'0';
            if (line[4] == '\r' && first - 1 < 9 && second <= 9 && third <= 9)
            {
                length = first * 100 + second * 10 + third;
                _at += 6;
                return ReadStatus.Command;
            }
        }
        return TryReadLengthSlow(tooBig, invalid, out length);
    }

    private ReadStatus TryReadLengthSlow(string tooBig, string invalid, out long length)
    {
        length = 0;
        int lineEnd = FindInLine((byte)'\r');
        if (lineEnd < 0) return _searched - _at > RespLimits.InlineBytesMax ? Fail(tooBig) : ReadStatus.Incomplete;
        if (lineEnd + 1 >= _end)
        {
            // The LF belongs to the line.
            _searched = lineEnd;
            return ReadStatus.Incomplete;
        }
        if (!Numbers.TryParseInt64(_buffer.AsSpan(_at + 1, lineEnd - _at - 1), out length)) return Fail(invalid);
        _at = lineEnd + 2;
        return ReadStatus.Command;
    }

    private ReadStatus TryReadInline()
    {
        int lineEnd = FindInLine((byte)'\n');
        if (lineEnd < 0) return _searched - _at > RespLimits.InlineBytesMax ? Fail("too big inline request") : ReadStatus.Incomplete;
        if (!InlineCommand.TrySplit(_buffer, _start, lineEnd, ref _slices, out _count)) return Fail("unbalanced quotes in request");
        _at = lineEnd + 1;
        return ReadStatus.Command;
    }

    /// <summary>
    /// The place of a byte in the line that begins at <c>_at</c>, or -1. Lines are searched no farther than their
    /// limit, whatever has arrived, so that the outcome does not depend on how the input was cut into packets.
    /// </summary>
    private int FindInLine(byte wanted)
    {
        int from = Math.Max(_searched, _at);
        int to = (int)Math.Min(_end, (long)_at + RespLimits.InlineBytesMax + 1);
        int found = _buffer.AsSpan(from, to - from).IndexOf(wanted);
        _searched = found < 0 ? to : 0;
        return found < 0 ? -1 : from + found;
    }

    private ReadStatus Fail(string why)
    {
        Debug.Assert(ProtocolError is null);
        ProtocolError = why;
        _missing = 0;
        return ReadStatus.ProtocolError;
    }
}
