using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;
using Galley.Api.Rest;
using Galley.Resp.Protocol;

namespace Galley.Api.Typed;

/// <summary>
/// Turns a reply in RESP3 into JSON that keeps its types:
/// <code>
///   simple, bulk or verbatim string   string; {"b64":".."} where it is not UTF-8
///   integer                           number; beyond 2^53-1 either way a string, because JavaScript would round it
///   double                            number; "inf", "-inf" and "nan" as strings
///   big number                        string of its digits
///   boolean, null                     as they are
///   array, set, push                  array
///   map                               object where all keys are text; else an array of [key, value]
///   error within an array             {"error":".."}
/// </code>
/// </summary>
internal static class TypedReply
{
    private const long SafeIntegerMax = (1L << 53) - 1;

    /// <summary>As the REST door: engine replies nest less than this; a script's might not.</summary>
    private const int DepthMax = 512;

    public static void Write(ref RespCursor reply, IBufferWriter<byte> output) => Write(ref reply, output, 0);

    private static void Write(ref RespCursor reply, IBufferWriter<byte> output, int depth)
    {
        if (depth > DepthMax) throw new RestException(StatusCodes.Status500InternalServerError, "ERR the reply is nested too deeply");
        switch (reply.Type)
        {
            case (byte)'+':
                WriteText(reply.ReadLine(), output);
                break;
            case (byte)'$':
                WriteBulk(ref reply, output);
                break;
            case (byte)'=':
                WriteText(reply.ReadBlob()["txt:".Length..], output);
                break;
            case (byte)':':
                WriteInteger(reply.ReadLine(), output);
                break;
            case (byte)',':
                WriteDouble(reply.ReadLine(), output);
                break;
            case (byte)'(':
                JsonText.WriteString(output, reply.ReadLine());
                break;
            case (byte)'#':
                output.Write(reply.ReadLine()[0] == 't' ? "true"u8 : "false"u8);
                break;
            case (byte)'_':
                reply.ReadLine();
                output.Write("null"u8);
                break;
            case (byte)'*' or (byte)'~' or (byte)'>':
                WriteArray(ref reply, output, depth);
                break;
            case (byte)'%':
                WriteMap(ref reply, output, depth);
                break;
            case (byte)'-' or (byte)'!':
                output.Write("{\"error\":"u8);
                JsonText.WriteString(output, reply.ReadText());
                output.Write("}"u8);
                break;
            default:
                throw new UnreachableException("The engine wrote what is no RESP.");
        }
    }

    private static void WriteBulk(ref RespCursor reply, IBufferWriter<byte> output)
    {
        RespCursor length = reply.Copy();
        if (length.ReadLength() >= 0)
        {
            WriteText(reply.ReadBlob(), output);
            return;
        }
        reply.ReadLine();
        output.Write("null"u8);
    }

    private static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (Utf8.IsValid(text))
        {
            JsonText.WriteString(output, text);
            return;
        }
        output.Write(Encoding.ASCII.GetBytes($"{{\"{WordValue.Base64Name}\":"));
        JsonText.WriteBase64(output, text);
        output.Write("}"u8);
    }

    private static void WriteInteger(ReadOnlySpan<byte> digits, IBufferWriter<byte> output)
    {
        bool isSafe = Utf8Parser.TryParse(digits, out long value, out _) && value is >= -SafeIntegerMax and <= SafeIntegerMax;
        if (isSafe) output.Write(digits);
        else JsonText.WriteString(output, digits);
    }

    private static void WriteDouble(ReadOnlySpan<byte> digits, IBufferWriter<byte> output)
    {
        bool isFinite = Numbers.TryParseDouble(digits, out double value) && double.IsFinite(value);
        if (isFinite) output.Write(digits);
        else JsonText.WriteString(output, digits);
    }

    private static void WriteArray(ref RespCursor reply, IBufferWriter<byte> output, int depth)
    {
        int count = reply.ReadLength();
        if (count < 0)
        {
            output.Write("null"u8);
            return;
        }
        output.Write("["u8);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) output.Write(","u8);
            Write(ref reply, output, depth + 1);
        }
        output.Write("]"u8);
    }

    private static void WriteMap(ref RespCursor reply, IBufferWriter<byte> output, int depth)
    {
        int count = reply.ReadLength();
        bool isObject = HasTextKeys(reply, count);
        output.Write(isObject ? "{"u8 : "["u8);
        for (int i = 0; i < count; i++)
        {
            if (i > 0) output.Write(","u8);
            if (!isObject) output.Write("["u8);
            Write(ref reply, output, depth + 1);
            output.Write(isObject ? ":"u8 : ","u8);
            Write(ref reply, output, depth + 1);
            if (!isObject) output.Write("]"u8);
        }
        output.Write(isObject ? "}"u8 : "]"u8);
    }

    private static bool HasTextKeys(RespCursor reply, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (reply.Type is not ((byte)'+' or (byte)'$') || !Utf8.IsValid(reply.ReadText())) return false;
            reply.Skip();
        }
        return true;
    }
}
