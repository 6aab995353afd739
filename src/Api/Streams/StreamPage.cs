using System.Buffers.Text;
using System.Text;
using Galley.Api.Doors;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.Streams;

/// <summary>
/// What came of one look at a stream: how it is, and the entries behind a position, both of the same turn.
/// <code>
///   XINFO STREAM orders                                -> first, last, how many were ever added, how many are left
///   XREAD COUNT n MAXSIZE bytes STREAMS orders 17-0    -> entries
/// </code>
/// </summary>
internal sealed record StreamPage
{
    /// <summary>Entries, and bytes of them, of one page: the first entry is in it however large it is.</summary>
    public const int EntriesMax = 256;

    public const int BytesMax = 256 * 1024;

    /// <summary>The engine's error, or null.</summary>
    public string? Failure { get; private init; }

    /// <summary>There is no such key.</summary>
    public bool IsMissing { get; private init; }

    /// <summary>The first entry that is left.</summary>
    public StreamId First { get; private init; }

    /// <summary>The last identifier that was given.</summary>
    public StreamId Last { get; private init; }

    /// <summary>Entries that were ever added.</summary>
    public long AddedCount { get; private init; }

    /// <summary>Entries that are left.</summary>
    public long Length { get; private init; }

    public long RemovedCount => Math.Max(0, AddedCount - Length);

    public SharedEntries? Entries { get; private init; }

    /// <summary>Behind its entries there is nothing.</summary>
    public bool IsLast => Entries is null || Entries.Last >= Last;

    /// <summary>Asks how a stream is.</summary>
    public static void Ask(CommandBatch batch, string stream) => batch.Command("XINFO", "STREAM", stream);

    /// <summary>Asks how it is, and what follows an entry.</summary>
    public static void Ask(CommandBatch batch, string stream, StreamId after, long count)
    {
        Ask(batch, stream);
        batch.Command("XREAD", "COUNT", $"{Math.Min(count, EntriesMax)}", "MAXSIZE", $"{BytesMax}",
            "STREAMS", stream, after.ToString());
    }

    /// <summary>Reads what was replied to one of these; returns the length of what was read.</summary>
    public static StreamPage Read(string stream, ReadOnlyMemory<byte> replies, out int length)
    {
        var cursor = new RespCursor(replies.Span);
        StreamPage page = ReadInfo(ref cursor);
        length = replies.Length - cursor.RemainingBytes;
        return page;
    }

    public static StreamPage ReadWithEntries(string stream, ReadOnlyMemory<byte> replies)
    {
        StreamPage page = Read(stream, replies, out int length);
        ReadOnlyMemory<byte> read = replies[length..];
        var cursor = new RespCursor(read.Span);
        if (cursor.IsError) return new StreamPage { Failure = page.Failure ?? Encoding.UTF8.GetString(cursor.ReadText()) };
        return page.Failure is null ? page with { Entries = SharedEntries.OfRead(stream, read) } : page;
    }

    private static StreamPage ReadInfo(ref RespCursor cursor)
    {
        if (cursor.IsError)
        {
            string failure = Encoding.UTF8.GetString(cursor.ReadText());
            return failure == "ERR no such key" ? new StreamPage { IsMissing = true } : new StreamPage { Failure = failure };
        }
        StreamId first = default, last = default;
        long added = 0, length = 0;
        int words = cursor.ReadLength();
        for (int i = 0; i < words; i += 2)
        {
            ReadOnlySpan<byte> name = cursor.ReadBlob();
            if (name.SequenceEqual("length"u8)) length = ReadNumber(ref cursor);
            else if (name.SequenceEqual("entries-added"u8)) added = ReadNumber(ref cursor);
            else if (name.SequenceEqual("last-generated-id"u8)) last = SharedEntries.IdOf(cursor.ReadBlob());
            else if (name.SequenceEqual("recorded-first-entry-id"u8)) first = SharedEntries.IdOf(cursor.ReadBlob());
            else cursor.Skip();
        }
        return new StreamPage { First = first, Last = last, AddedCount = added, Length = length };
    }

    private static long ReadNumber(ref RespCursor cursor) => Utf8Parser.TryParse(cursor.ReadLine(), out long number, out _) ? number : 0;
}
