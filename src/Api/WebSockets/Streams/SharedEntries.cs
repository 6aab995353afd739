using System.Buffers;
using System.Text;
using Galley.Api.PubSub;
using Galley.Api.Rest;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>
/// Entries of one stream that follow each other, as the engine replied them, written as JSON once for each mode in which
/// somebody wants them. Where two threads encode them at once, both results are the same.
/// </summary>
internal sealed class SharedEntries
{
    private readonly byte[]?[] _bodies = new byte[]?[3];
    private readonly string _stream;
    private readonly ReadOnlyMemory<byte> _entries;

    private SharedEntries(string stream, ReadOnlyMemory<byte> entries, int count)
    {
        _stream = stream;
        _entries = entries;
        Count = count;
        var cursor = new RespCursor(entries.Span);
        First = ReadId(ref cursor);
        Last = First;
        for (int i = 1; i < count; i++) Last = ReadId(ref cursor);
    }

    public StreamId First { get; }

    public StreamId Last { get; }

    public int Count { get; }

    /// <summary>Takes the entries out of what XREAD replied for one stream; null where there are none.</summary>
    public static SharedEntries? OfRead(string stream, ReadOnlyMemory<byte> reply)
    {
        var cursor = new RespCursor(reply.Span);
        if (cursor.ReadLength() <= 0) return null;
        cursor.ReadLength();
        cursor.ReadBlob();
        int count = cursor.ReadLength();
        return count <= 0 ? null : new SharedEntries(stream, reply[^cursor.RemainingBytes..], count);
    }

    /// <summary>The part of the frame that all who want this mode share.</summary>
    public byte[] Body(DataMode mode) => _bodies[(int)mode] ??= Encode(mode);

    private byte[] Encode(DataMode mode)
    {
        var output = new ArrayBufferWriter<byte>(_entries.Length + (_entries.Length / 4) + 128);
        output.Write(",\"stream\":"u8);
        JsonText.WriteString(output, _stream);
        output.Write(",\"entries\":["u8);
        var cursor = new RespCursor(_entries.Span);
        for (int i = 0; i < Count; i++)
        {
            if (i > 0) output.Write(","u8);
            EntryText.Write(output, ref cursor, mode);
        }
        output.Write("]}"u8);
        return output.WrittenSpan.ToArray();
    }

    private static StreamId ReadId(ref RespCursor cursor)
    {
        cursor.ReadLength();
        StreamId id = IdOf(cursor.ReadBlob());
        cursor.Skip();
        return id;
    }

    /// <summary>An identifier that the engine has written.</summary>
    public static StreamId IdOf(ReadOnlySpan<byte> text) =>
        StreamId.TryParse(text, 0, out StreamId id) ? id : throw new FormatException($"No identifier: {Encoding.Latin1.GetString(text)}");
}
