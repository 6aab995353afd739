using System.Text;
using Galley.Api.PubSub;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.Streams;

/// <summary>
/// Entries of one stream that follow each other, as the engine replied them, encoded once for each form in which
/// somebody wants them. Where two threads encode them at once, both results are the same.
/// </summary>
internal sealed class SharedEntries
{
    private const int ModeCount = (int)DataMode.Base64 + 1;

    private readonly byte[]?[] _forms = new byte[]?[((int)EntryForm.Events + 1) * ModeCount];
    private readonly ReadOnlyMemory<byte> _entries;

    private SharedEntries(string stream, ReadOnlyMemory<byte> entries, int count)
    {
        Stream = stream;
        _entries = entries;
        Count = count;
        var cursor = new RespCursor(entries.Span);
        First = ReadId(ref cursor);
        Last = First;
        for (int i = 1; i < count; i++) Last = ReadId(ref cursor);
    }

    /// <summary>The key of their stream.</summary>
    public string Stream { get; }

    public StreamId First { get; }

    public StreamId Last { get; }

    public int Count { get; }

    /// <summary>Bytes of the engine's reply.</summary>
    public int RespBytes => _entries.Length;

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

    /// <summary>The entries in a form that all who want it share; encoded for the first of them.</summary>
    public byte[] In(EntryForm form, DataMode mode, Func<SharedEntries, byte[]> encode) =>
        _forms[((int)form * ModeCount) + (int)mode] ??= encode(this);

    /// <summary>Goes through the entries, as the engine replied them.</summary>
    public RespCursor Read() => new(_entries.Span);

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

/// <summary>What entries may be encoded as: a part of a frame, or events.</summary>
internal enum EntryForm : byte
{
    Frame,
    Events,
}
