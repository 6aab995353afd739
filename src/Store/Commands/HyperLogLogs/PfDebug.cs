using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.HyperLogLogs;

/// <summary>PFDEBUG and PFSELFTEST.</summary>
internal static class PfDebug
{
    /// <summary>A run as PFDEBUG DECODE shows it: a letter, two numbers and what stands between.</summary>
    private const int RunTextMax = 16;

    [Command("PFDEBUG", "subcommand key", Group.HyperLogLog, Flags.Write | Flags.DenyOom | Flags.Admin, Since = "2.8.9",
        Cost = "N/A", Keys = "RW ACCESS", Summary = "Shows how a HyperLogLog is stored: GETREG, DECODE, ENCODING, TODENSE.")]
    public static void Debug(Execution x)
    {
        if (!HyperLogLogArgument.TryWrite(x, 2, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Error("ERR The specified key does not exist"u8);
            return;
        }
        key.ShowAsRaw();
        if (x.Is(1, "GETREG"u8)) ReplyRegisters(x, ref key);
        else if (x.Is(1, "DECODE"u8)) ReplyRuns(x, in key);
        else if (x.Is(1, "ENCODING"u8)) x.Reply.Simple(HyperLogLog.IsDense(key.String) ? "dense"u8 : "sparse"u8);
        else if (x.Is(1, "TODENSE"u8)) MakeDense(x, ref key);
        else x.Reply.Error($"ERR Unknown PFDEBUG subcommand '{PrintedText.Of(x.Args[1])}'");
    }

    [Command("PFSELFTEST", "", Group.HyperLogLog, Flags.Admin, Since = "2.8.9", Cost = "N/A",
        Summary = "Tests the registers and the estimates of HyperLogLogs on this machine.")]
    public static void SelfTest(Execution x)
    {
        string failure = HyperLogLogSelfTest.Run();
        if (failure.Length == 0) x.Reply.Ok();
        else x.Reply.Error($"TESTFAILED {failure}");
    }

    /// <summary>As in redis-server, a sparse one is dense once it was looked at so.</summary>
    private static void ReplyRegisters(Execution x, ref Key key)
    {
        if (!TryMakeDense(x, ref key, out _)) return;
        ReadOnlySpan<byte> registers = HyperLogLog.RegistersOf(key.String);
        x.Reply.Array(HyperLogLog.Registers);
        for (int i = 0; i < HyperLogLog.Registers; i++) x.Reply.Integer(DenseRegisters.Get(registers, i));
    }

    private static void ReplyRuns(Execution x, in Key key)
    {
        if (HyperLogLog.IsDense(key.String))
        {
            x.Reply.Error("ERR HLL encoding is not sparse"u8);
            return;
        }
        ReadOnlySpan<byte> runs = HyperLogLog.RegistersOf(key.String);
        if (runs.Length > SparseRegisters.BytesMax)
        {
            x.Reply.Error(HyperLogLogArgument.Corrupt);
            return;
        }
        var text = new System.Text.StringBuilder(runs.Length * RunTextMax);
        for (int at = 0; at < runs.Length;)
        {
            var run = SparseRun.Read(runs, at);
            if (at > 0) text.Append(' ');
            if (run.IsEmpty) text.Append(run.IsLong ? "Z:" : "z:").Append(run.Registers);
            else text.Append("v:").Append(run.Rank).Append(',').Append(run.Registers);
            at += run.Bytes;
        }
        x.Reply.Bulk(System.Text.Encoding.ASCII.GetBytes(text.ToString()));
    }

    private static void MakeDense(Execution x, ref Key key)
    {
        if (TryMakeDense(x, ref key, out bool wasSparse)) x.Reply.Integer(wasSparse ? 1 : 0);
    }

    private static bool TryMakeDense(Execution x, ref Key key, out bool wasSparse)
    {
        wasSparse = !HyperLogLog.IsDense(key.String);
        if (!wasSparse) return true;
        if (HyperLogLogDraft.CanHold(key.String))
        {
            using var draft = new HyperLogLogDraft(key.String, sparseBytesMax: 0);
            if (draft.TryMakeDense())
            {
                key.PutRaw(draft.Value, key.ExpiresAtMs);
                x.Changed(in key, EventClass.None, default);
                return true;
            }
        }
        x.Reply.Error(HyperLogLogArgument.Corrupt);
        return false;
    }
}
