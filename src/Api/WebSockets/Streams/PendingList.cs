using System.Buffers.Text;
using System.Text;
using Galley.Api.Streams;
using Galley.Api.Typed;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>A pending entry, as XPENDING tells of it.</summary>
internal readonly record struct PendingInfo(string Consumer, long IdleMs, long DeliveryCount);

/// <summary>What XPENDING, and the commands that give entries to a consumer, reply.</summary>
internal static class PendingList
{
    /// <summary>Reads the reply of XPENDING with a range; its pending entries in their order.</summary>
    public static List<(StreamId Id, PendingInfo Info)> Read(ref RespCursor cursor)
    {
        int count = cursor.ReadLength();
        var pending = new List<(StreamId, PendingInfo)>(Math.Max(count, 0));
        for (int i = 0; i < count; i++)
        {
            cursor.ReadLength();
            StreamId id = SharedEntries.IdOf(cursor.ReadBlob());
            string consumer = Encoding.UTF8.GetString(cursor.ReadBlob());
            pending.Add((id, new PendingInfo(consumer, ReadNumber(ref cursor), ReadNumber(ref cursor))));
        }
        return pending;
    }

    /// <summary>The identifier of the entry at the cursor, which stays; and whether the entry is still there.</summary>
    public static StreamId Peek(RespCursor entry, out bool isThere)
    {
        entry.ReadLength();
        StreamId id = SharedEntries.IdOf(entry.ReadBlob());
        isThere = entry.ReadLength() >= 0;
        return id;
    }

    /// <summary>The engine's error, if the next reply is one.</summary>
    public static string? FailureAt(RespCursor cursor) => cursor.IsError ? Encoding.UTF8.GetString(cursor.ReadText()) : null;

    private static long ReadNumber(ref RespCursor cursor) => Utf8Parser.TryParse(cursor.ReadLine(), out long number, out _) ? number : 0;
}
