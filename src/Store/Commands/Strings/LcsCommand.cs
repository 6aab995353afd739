using System.Buffers;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class LcsCommand
{
    [Command("LCS", "key1:key key2:key [LEN] [IDX] [MINMATCHLEN len:integer] [WITHMATCHLEN]", Group.String, Flags.ReadOnly,
        Since = "7.0.0", Cost = "O(N*M), the lengths of the two strings",
        Summary = "Finds the longest common subsequence of two strings.")]
    public static void Lcs(Execution x)
    {
        Key keyA = x.Read(1);
        ReadOnlySpan<byte> a = keyA.IsAbsentOr(KeyType.String) ? keyA.String : default;
        Key keyB = x.Read(2);
        if (!keyA.IsAbsentOr(KeyType.String) || !keyB.IsAbsentOr(KeyType.String))
        {
            x.Reply.Error("ERR The specified keys must contain string values"u8);
            return;
        }
        if (!Options.TryParse(x, out Options options)) return;
        ReadOnlySpan<byte> b = keyB.String;
        if (LcsTable.TableBytes(a.Length, b.Length) > x.Server.Settings.ProtoMaxBulkBytes)
        {
            x.Reply.Error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"u8);
            return;
        }
        var table = new LcsTable(a, b, findsRuns: !options.IsLength);
        if (options.IsLength) x.Reply.Integer(table.Length);
        else if (options.IsIndexes) ReplyRuns(x.Reply, ref table, in options);
        else ReplyText(x.Reply, ref table, a);
        table.Dispose();
    }

    private static void ReplyText(RespWriter reply, ref LcsTable table, ReadOnlySpan<byte> a)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(table.Length);
        int start = table.Length;
        while (table.TryTakeRun(out LcsRun run))
        {
            start -= run.Length;
            a.Slice(run.InA, run.Length).CopyTo(text.AsSpan(start));
        }
        reply.Bulk(text.AsSpan(0, table.Length));
        ArrayPool<byte>.Shared.Return(text);
    }

    private static void ReplyRuns(RespWriter reply, ref LcsTable table, in Options options)
    {
        reply.Map(2);
        reply.Bulk("matches"u8);
        Deferred matches = reply.BeginDeferred();
        int count = 0;
        while (table.TryTakeRun(out LcsRun run))
        {
            if (run.Length < options.LengthMin) continue;
            reply.Array(options.WithLength ? 3 : 2);
            ReplyRange(reply, run.InA, run.Length);
            ReplyRange(reply, run.InB, run.Length);
            if (options.WithLength) reply.Integer(run.Length);
            count++;
        }
        reply.EndArray(matches, count);
        reply.Bulk("len"u8);
        reply.Integer(table.Length);
    }

    private static void ReplyRange(RespWriter reply, int start, int length)
    {
        reply.Array(2);
        reply.Integer(start);
        reply.Integer(start + length - 1);
    }

    private struct Options
    {
        public bool IsLength;
        public bool IsIndexes;
        public bool WithLength;
        public long LengthMin;

        public static bool TryParse(Execution x, out Options options)
        {
            options = default;
            for (int i = 3; i < x.Args.Count; i++)
            {
                if (x.Is(i, "LEN"u8)) options.IsLength = true;
                else if (x.Is(i, "IDX"u8)) options.IsIndexes = true;
                else if (x.Is(i, "WITHMATCHLEN"u8)) options.WithLength = true;
                else if (x.Is(i, "MINMATCHLEN"u8) && i + 1 < x.Args.Count)
                {
                    if (!x.TryInteger(++i, out options.LengthMin)) return false;
                }
                else
                {
                    x.Reply.Error(Errors.Syntax);
                    return false;
                }
            }
            if (!options.IsLength || !options.IsIndexes) return true;
            x.Reply.Error("ERR If you want both the length and indexes, please just use IDX."u8);
            return false;
        }
    }
}
