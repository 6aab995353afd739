using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Keyspace.Values;

namespace Galley.Store.Commands;

/// <summary>DEBUG OBJECT, LISTPACK and QUICKLIST: how one value is held.</summary>
internal static class DebugObject
{
    /// <summary>A text of more bytes than this is not tried as an integer when it is written to an RDB file.</summary>
    private const int IntegerTextBytesMax = 11;

    /// <summary>How redis-server's <c>list-max-listpack-size</c> says the 8 KiB of a leaf.</summary>
    private const int LeafSizeLevel = -2;

    public static void Describe(Execution x)
    {
        Key key = x.Peek(2);
        if (!key.Exists)
        {
            x.Reply.Error(Errors.NoSuchKey);
            return;
        }
        x.Reply.Simple(Encoding.ASCII.GetBytes(
            $"Value at:0x{key.Address:x12} refcount:{ObjectCommands.ReferencesOf(in key)} encoding:{key.EncodingName} "
            + $"serializedlength:{SerializedBytes(x, in key)} lru:{key.UseClock} lru_seconds_idle:{key.IdleSeconds}"
            + (key.Type == KeyType.List ? DescribeNodes(in key) : "")));
    }

    public static void ShowListpack(Execution x) => Show(x, "listpack");

    public static void ShowQuicklist(Execution x) => Show(x, "quicklist");

    private static void Show(Execution x, string encoding)
    {
        Key key = x.Peek(2);
        if (!key.Exists) x.Reply.Error(Errors.NoSuchKey);
        else if (key.EncodingName != encoding) x.Reply.Error($"ERR Not a {encoding} encoded object.");
        else x.Reply.Error($"ERR Galley does not show the inside of a {encoding} yet");
    }

    /// <summary>What redis-server adds of a quicklist, as it is here: of leaves whose most bytes no setting changes.</summary>
    private static string DescribeNodes(in Key key)
    {
        (long nodes, long bytes) = ListValue.Weigh(in key);
        double average = (double)ListValue.Count(in key) / nodes;
        int isCompressed = key.Settings.ListCompressDepth == 0 ? 0 : 1;
        return string.Create(CultureInfo.InvariantCulture,
            $" ql_nodes:{nodes} ql_avg_node:{average:F2} ql_listpack_max:{LeafSizeLevel} ql_compressed:{isCompressed} ql_uncompressed_size:{bytes}");
    }

    /// <summary>
    /// What a value takes in an RDB file. Of a string that is not compressed: its length and its bytes, or an integer in 1,
    /// 2 or 4.
    /// </summary>
    private static long SerializedBytes(Execution x, in Key key)
    {
        if (key.Type != KeyType.String) return SerializedBytes(x.Server.DumpWriter, key.Entry);
        ReadOnlySpan<byte> value = key.String;
        if (value.Length <= IntegerTextBytesMax && Numbers.TryParseInt64(value, out long number))
        {
            if (number == (sbyte)number) return 1 + sizeof(sbyte);
            if (number == (short)number) return 1 + sizeof(short);
            if (number == (int)number) return 1 + sizeof(int);
        }
        int lengthBytes = value.Length switch { < 1 << 6 => 1, < 1 << 14 => 2, _ => 1 + sizeof(int) };
        return lengthBytes + value.Length;
    }

    private static long SerializedBytes(RdbWriter writer, SnapshotEntry entry)
    {
        RdbValue.Write(writer, in entry);
        long bytes = writer.Written.Length;
        writer.Clear();
        return bytes;
    }
}
