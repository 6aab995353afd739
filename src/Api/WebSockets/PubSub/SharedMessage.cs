using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Galley.Api.Rest;

namespace Galley.Api.WebSockets;

/// <summary>
/// A published message, shared by all sockets that hear it. The engine pushes it as RESP, in either version:
/// <code>
///   message  channel payload
///   pmessage pattern channel payload
/// </code>
/// It is read once, and written as JSON once for each mode in which somebody wants it; of a frame, only the beginning
/// (whose subscription) and the end (its number) are each receiver's own.
/// <code>
///   {"type":"message","id":"s1"  ,"channel":"a","data":"..","n":  1}
///   the subscription's           shared                           the frame's
/// </code>
/// The fan-out's worker reads it before anybody else has it. Where two threads encode it at once, both results are the
/// same.
/// </summary>
internal sealed class SharedMessage(ReadOnlyMemory<byte> resp, long logOffset)
{
    private readonly byte[]?[] _bodies = new byte[]?[3];
    private ReadOnlyMemory<byte> _payload;
    private bool _isRead;
    private int _deliveries;

    /// <summary>The push as the engine made it.</summary>
    public ReadOnlyMemory<byte> Resp { get; } = resp;

    /// <summary>It may not leave before the log is released up to here.</summary>
    public long LogOffset { get; } = logOffset;

    public bool IsByPattern { get; private set; }

    /// <summary>The channel, or the pattern by which it was heard.</summary>
    public string Name { get; private set; } = "";

    public string Channel { get; private set; } = "";

    /// <summary>Reads the push, the first time; false for one that is no message (the confirmation of a subscription).</summary>
    public bool TryRead()
    {
        if (_isRead) return true;
        ReadOnlyMemory<byte> rest = Resp;
        int count = ReadLength(ref rest);
        ReadOnlySpan<byte> kind = ReadBulk(ref rest).Span;
        IsByPattern = count == 4 && kind.SequenceEqual("pmessage"u8);
        if (!IsByPattern && !(count == 3 && kind.SequenceEqual("message"u8))) return false;

        Name = Encoding.UTF8.GetString(ReadBulk(ref rest).Span);
        Channel = IsByPattern ? Encoding.UTF8.GetString(ReadBulk(ref rest).Span) : Name;
        _payload = ReadBulk(ref rest);
        return _isRead = true;
    }

    /// <summary>One more delivery of it waits; true for the first.</summary>
    public bool Retain() => Interlocked.Increment(ref _deliveries) == 1;

    /// <summary>One delivery less waits; true when none is left.</summary>
    public bool Release() => Interlocked.Decrement(ref _deliveries) == 0;

    /// <summary>The part of the frame that all who want this mode share.</summary>
    public byte[] Body(DataMode mode) => _bodies[(int)mode] ??= Encode(mode);

    private byte[] Encode(DataMode mode)
    {
        var output = new ArrayBufferWriter<byte>(_payload.Length + 128);
        if (IsByPattern)
        {
            output.Write(",\"pattern\":"u8);
            JsonText.WriteString(output, Name);
        }
        output.Write(",\"channel\":"u8);
        JsonText.WriteString(output, Channel);
        output.Write(",\"data\":"u8);
        WriteData(output, mode, _payload.Span);
        output.Write(",\"n\":"u8);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>What a mode cannot say is base64, and marked.</summary>
    private static void WriteData(ArrayBufferWriter<byte> output, DataMode mode, ReadOnlySpan<byte> payload)
    {
        if (mode == DataMode.Json && IsJson(payload))
        {
            output.Write(payload);
        }
        else if (mode != DataMode.Base64 && Utf8.IsValid(payload))
        {
            JsonText.WriteString(output, payload);
        }
        else
        {
            JsonText.WriteBase64(output, payload);
            output.Write(",\"enc\":\"b64\""u8);
        }
    }

    internal static bool IsJson(ReadOnlySpan<byte> payload)
    {
        if (!Utf8.IsValid(payload)) return false;
        try
        {
            var reader = new Utf8JsonReader(payload);
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ReadOnlyMemory<byte> ReadBulk(ref ReadOnlyMemory<byte> resp)
    {
        int length = ReadLength(ref resp);
        ReadOnlyMemory<byte> bulk = resp[..length];
        resp = resp[(length + 2)..];
        return bulk;
    }

    private static int ReadLength(ref ReadOnlyMemory<byte> resp)
    {
        ReadOnlySpan<byte> span = resp.Span;
        int end = span.IndexOf("\r\n"u8);
        int length = Utf8Parser.TryParse(span[1..end], out int value, out _) ? value : 0;
        resp = resp[(end + 2)..];
        return length;
    }
}
