using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.IO.Pipelines;

namespace Galley.Api.Rest;

/// <summary>
/// Sends a long answer in pieces, and waits for the client between them: what is on its way is never more than a few
/// pieces, however large the reply is. Arrays and strings are cut; what lies within an array's element is not.
/// </summary>
internal sealed class LongAnswer
{
    // A multiple of three, for base64.
    private const int TextBytesMax = 48 * 1024;

    private readonly ReadOnlyMemory<byte> _resp;
    private readonly PipeWriter _output;
    private readonly bool _asBase64;
    private int _at;

    private LongAnswer(in RestAnswer answer, PipeWriter output)
    {
        _resp = answer.Resp;
        _output = output;
        _asBase64 = answer.IsBase64;
    }

    public static async Task WriteAsync(RestAnswer answer, ContentEncoding encoding, HttpResponse response)
    {
        PipeWriter output = encoding.Begin(response);
        var writing = new LongAnswer(in answer, output);
        if (answer.Format == ReplyFormat.Resp2) await writing.WriteRespAsync(answer);
        else if (answer.Form == RestForm.Pipeline) await writing.WriteRowsAsync(answer, answer.Rows);
        else if (answer.Form == RestForm.Transaction && !answer.IsError) await writing.WriteRowsAsync(answer, writing.ReadLength());
        else await writing.WriteRowAsync();
        await encoding.EndAsync(output);
    }

    private async ValueTask WriteRespAsync(RestAnswer answer)
    {
        if (answer.Refusals is not null)
        {
            RestResponse.WriteResp(in answer, _output);
            return;
        }
        for (ReadOnlyMemory<byte> rest = _resp; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, TextBytesMax)..])
        {
            _output.Write(rest.Span[..Math.Min(rest.Length, TextBytesMax)]);
            await FlushIfFullAsync();
        }
    }

    private async ValueTask WriteRowsAsync(RestAnswer answer, long count)
    {
        _output.Write("["u8);
        for (int row = 0; row < count; row++)
        {
            if (row > 0) _output.Write(","u8);
            if (answer.RefusalOf(row) is { } refusal) RestErrors.Write(_output, refusal);
            else await WriteRowAsync();
            await FlushIfFullAsync();
        }
        _output.Write("]"u8);
    }

    private async ValueTask WriteRowAsync()
    {
        if (Type is (byte)'-' or (byte)'!')
        {
            WriteWhole(isElement: false);
            return;
        }
        _output.Write("{\"result\":"u8);
        if (Type is (byte)'*' or (byte)'~' or (byte)'>' or (byte)'%') await WriteArrayAsync();
        else if (Type == (byte)'$') await WriteBulkAsync();
        else WriteWhole(isElement: false);
        _output.Write("}"u8);
    }

    private async ValueTask WriteArrayAsync()
    {
        bool isMap = Type == (byte)'%';
        long count = ReadLength() * (isMap ? 2 : 1);
        if (count < 0)
        {
            _output.Write("null"u8);
            return;
        }
        _output.Write("["u8);
        for (long i = 0; i < count; i++)
        {
            if (i > 0) _output.Write(","u8);
            if (Type == (byte)'$') await WriteBulkAsync();
            else WriteWhole(isElement: true);
            await FlushIfFullAsync();
        }
        _output.Write("]"u8);
    }

    private async ValueTask WriteBulkAsync()
    {
        int length = ReadLength();
        if (length < 0)
        {
            _output.Write("null"u8);
            return;
        }
        ReadOnlyMemory<byte> rest = _resp.Slice(_at, length);
        _at += length + 2;
        _output.Write("\""u8);
        while (!rest.IsEmpty)
        {
            int piece = WritePiece(rest.Span);
            rest = rest[piece..];
            await FlushIfFullAsync();
        }
        _output.Write("\""u8);
    }

    private int WritePiece(ReadOnlySpan<byte> text)
    {
        int length = _asBase64 ? Math.Min(text.Length, TextBytesMax) : JsonText.WholeCharacters(text, TextBytesMax);
        if (_asBase64) JsonText.WriteBase64Content(_output, text[..length]);
        else JsonText.WriteContent(_output, text[..length]);
        return length;
    }

    private void WriteWhole(bool isElement)
    {
        ReadOnlySpan<byte> rest = _resp.Span[_at..];
        var json = new RespToJson(rest, _output, _asBase64) { AdvisesOnUnknown = true };
        if (isElement) json.WriteElement();
        else json.WriteValue();
        _at += rest.Length - json.RestLength;
    }

    private byte Type => _resp.Span[_at];

    /// <summary>Reads the line of an array or a bulk string; -1 is null.</summary>
    private int ReadLength()
    {
        ReadOnlySpan<byte> rest = _resp.Span[_at..];
        int end = rest.IndexOf("\r\n"u8);
        bool isNumber = Utf8Parser.TryParse(rest[1..end], out int length, out _);
        Debug.Assert(isNumber);
        _at += end + 2;
        return length;
    }

    private async ValueTask FlushIfFullAsync()
    {
        if (_output.UnflushedBytes >= RestLimits.UnflushedBytesMax) await _output.FlushAsync();
    }
}
