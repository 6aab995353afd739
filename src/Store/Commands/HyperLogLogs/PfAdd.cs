using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.HyperLogLogs;

internal static class PfAdd
{
    private const int FirstElement = 2;

    [Command("PFADD", "key [element [element ...]]", Group.HyperLogLog, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "2.8.9",
        Cost = "O(1) for each element", Keys = "RW INSERT", Summary = "Adds elements to a HyperLogLog, which counts different ones.")]
    public static void Add(Execution x)
    {
        if (!HyperLogLogArgument.TryWrite(x, 1, out Key key)) return;
        if (key.Exists) key.ShowAsRaw();
        bool isChanged = !key.Exists;
        if (key.Exists && HyperLogLog.IsDense(key.String))
        {
            isChanged = AddToDense(x, ref key);
        }
        else if (!TryAddToSparse(x, ref key, ref isChanged))
        {
            x.Reply.Error(HyperLogLogArgument.Corrupt);
            return;
        }
        if (isChanged) x.Changed(in key, EventClass.String, "pfadd"u8);
        x.Reply.Integer(isChanged ? 1 : 0);
    }

    /// <summary>Looks before it writes: most elements were seen before, and a value that is only read is not copied for a snapshot.</summary>
    private static bool AddToDense(Execution x, ref Key key)
    {
        ReadOnlySpan<byte> registers = HyperLogLog.RegistersOf(key.String);
        int i = FirstElement;
        for (; i < x.Args.Count; i++)
        {
            var element = HyperLogLogElement.Of(x.Args[i]);
            if (DenseRegisters.Get(registers, element.Register) < element.Rank) break;
        }
        if (i == x.Args.Count) return false;

        Span<byte> value = key.EditString(HyperLogLog.DenseBytes);
        for (; i < x.Args.Count; i++) DenseRegisters.Raise(value[HyperLogLog.HeaderBytes..], HyperLogLogElement.Of(x.Args[i]));
        HyperLogLog.ForgetCount(value);
        return true;
    }

    /// <summary>Adds to a sparse or a new one, or to none of its elements if it is corrupt.</summary>
    private static bool TryAddToSparse(Execution x, ref Key key, ref bool isChanged)
    {
        if (x.Args.Count == FirstElement && key.Exists) return true;
        if (!HyperLogLogDraft.CanHold(key.String)) return false;
        using var draft = new HyperLogLogDraft(key.String, x.Server.Settings.HllSparseBytesMax);
        for (int i = FirstElement; i < x.Args.Count; i++)
        {
            if (!draft.TryAdd(HyperLogLogElement.Of(x.Args[i]), out bool isRaised)) return false;
            isChanged |= isRaised;
        }
        if (isChanged) key.PutRaw(draft.Take(), key.ExpiresAtMs);
        return true;
    }
}
