using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Galley.Api.Rest;

/// <summary>
/// Turns replies into JSON, byte by byte, without objects in between. Whatever the version of RESP, the shapes are those
/// of RESP2, which the clients of Upstash expect:
/// <code>
///   simple or bulk string   string, in base64 where that is asked for (but not the status OK at the top)
///   integer                 number; beyond 2^53-1 either way a string, because JavaScript would round it
///   null of any kind        null
///   array, set, push        array, nested as it is
///   map                     flat array: k, v, k, v
///   double, big number      string of the same digits
///   boolean                 1 or 0
///   verbatim                string, without the three letters of its format
///   error within an array   {"error":".."}
/// </code>
/// </summary>
internal ref struct RespToJson(ReadOnlySpan<byte> resp, IBufferWriter<byte> output, bool asBase64)
{
    private const long SafeIntegerMax = (1L << 53) - 1;

    /// <summary>Engine replies nest less than this; a script's might not.</summary>
    private const int DepthMax = 512;

    private readonly IBufferWriter<byte> _output = output;
    private readonly bool _asBase64 = asBase64;
    private ReadOnlySpan<byte> _rest = resp;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Bytes of the replies that were not read yet.</summary>
    public readonly int RestLength => _rest.Length;

    /// <summary>A command that Galley does not have is refused with advice, which Redis's own words do not hold.</summary>
    public bool AdvisesOnUnknown { get; init; }

    public readonly bool IsError => _rest[0] is (byte)'-' or (byte)'!';

    /// <summary>The next reply as an object: <c>{"result":..}</c> or <c>{"error":".."}</c>.</summary>
    public void WriteRow()
    {
        if (IsError)
        {
            WriteValue(0);
            return;
        }
        _output.Write("{\"result\":"u8);
        WriteValue(0);
        _output.Write("}"u8);
    }

    /// <summary>The next reply as a bare value; an error as <c>{"error":".."}</c>.</summary>
    public void WriteValue() => WriteValue(0);

    /// <summary>The next reply as a value within an array.</summary>
    public void WriteElement() => WriteValue(1);

    /// <summary>Goes into an array that is the next reply, and gives the number of its elements.</summary>
    public int EnterArray()
    {
        Debug.Assert(_rest[0] == '*');
        return (int)ReadInteger(ReadLine());
    }

    /// <summary>The text of the next reply, which must be an error.</summary>
    public ReadOnlySpan<byte> ReadError() => _rest[0] == '!' ? ReadBlob(ReadInteger(ReadLine())) : ReadLine();

    private void WriteValue(int depth)
    {
        if (depth > DepthMax) throw new RestException(StatusCodes.Status500InternalServerError, "ERR the reply is nested too deeply");
        switch (_rest[0])
        {
            case (byte)'+':
                WriteStatus(ReadLine(), depth);
                break;
            case (byte)'$':
                WriteBulk(ReadInteger(ReadLine()));
                break;
            case (byte)':':
                WriteInteger(ReadLine());
                break;
            case (byte)'-' or (byte)'!':
                WriteError(ReadError());
                break;
            case (byte)'*' or (byte)'~' or (byte)'>':
                WriteArray(ReadInteger(ReadLine()), depth);
                break;
            case (byte)'%':
                WriteArray(ReadInteger(ReadLine()) * 2, depth);
                break;
            case (byte)'_':
                ReadLine();
                _output.Write("null"u8);
                break;
            case (byte)'#':
                _output.Write(ReadLine()[0] == 't' ? "1"u8 : "0"u8);
                break;
            case (byte)',' or (byte)'(':
                WriteText(ReadLine());
                break;
            case (byte)'=':
                WriteText(ReadBlob(ReadInteger(ReadLine()))["txt:".Length..]);
                break;
            default:
                throw new UnreachableException("The engine wrote what is no RESP.");
        }
    }

    private readonly void WriteError(ReadOnlySpan<byte> text)
    {
        _output.Write("{\"error\":\""u8);
        JsonText.WriteContent(_output, text);
        if (AdvisesOnUnknown && UnknownCommand.Advice(text) is { } advice) JsonText.WriteContent(_output, Encoding.UTF8.GetBytes(advice));
        _output.Write("\"}"u8);
    }

    private readonly void WriteStatus(ReadOnlySpan<byte> text, int depth)
    {
        if (depth == 0 && text.SequenceEqual("OK"u8)) _output.Write("\"OK\""u8);
        else WriteText(text);
    }

    private void WriteBulk(long length)
    {
        if (length < 0) _output.Write("null"u8);
        else WriteText(ReadBlob(length));
    }

    private readonly void WriteInteger(ReadOnlySpan<byte> digits)
    {
        bool isSafe = Utf8Parser.TryParse(digits, out long value, out _) && value is >= -SafeIntegerMax and <= SafeIntegerMax;
        if (isSafe) _output.Write(digits);
        else WriteText(digits);
    }

    private void WriteArray(long count, int depth)
    {
        if (count < 0)
        {
            _output.Write("null"u8);
            return;
        }
        _output.Write("["u8);
        for (long i = 0; i < count; i++)
        {
            if (i > 0) _output.Write(","u8);
            WriteValue(depth + 1);
        }
        _output.Write("]"u8);
    }

    private readonly void WriteText(ReadOnlySpan<byte> text)
    {
        if (_asBase64) JsonText.WriteBase64(_output, text);
        else JsonText.WriteString(_output, text);
    }

    /// <summary>The rest of the line after its first byte.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        int end = _rest.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> line = _rest[1..end];
        _rest = _rest[(end + 2)..];
        return line;
    }

    private ReadOnlySpan<byte> ReadBlob(long length)
    {
        ReadOnlySpan<byte> blob = _rest[..(int)length];
        _rest = _rest[((int)length + 2)..];
        return blob;
    }

    private static long ReadInteger(ReadOnlySpan<byte> digits)
    {
        bool isNumber = Utf8Parser.TryParse(digits, out long value, out _);
        Debug.Assert(isNumber);
        return value;
    }
}
