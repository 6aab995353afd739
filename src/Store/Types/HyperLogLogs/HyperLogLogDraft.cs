using System.Buffers;

namespace Galley.Store.Types;

/// <summary>
/// A HyperLogLog while it is changed, in a buffer of its own: sparse as long as that suffices, then dense. Its count is out
/// of date when it is taken, unless it was only made dense.
/// </summary>
internal ref struct HyperLogLogDraft
{
    private readonly byte[] _bytes;
    private SparseRegisters _sparse;

    /// <param name="value">What it begins as; empty for one without an element.</param>
    /// <param name="sparseBytesMax">How long it may become, with its header, before it is made dense.</param>
    public HyperLogLogDraft(scoped ReadOnlySpan<byte> value, long sparseBytesMax)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(HyperLogLog.HeaderBytes + SparseRegisters.BytesMax);
        int length = value.IsEmpty ? WriteEmpty(_bytes) : value.Length;
        value.CopyTo(_bytes);
        IsDense = HyperLogLog.IsDense(_bytes);
        _sparse = new SparseRegisters(
            _bytes.AsSpan(HyperLogLog.HeaderBytes, SparseRegisters.BytesMax), length - HyperLogLog.HeaderBytes, sparseBytesMax - HyperLogLog.HeaderBytes);
    }

    /// <summary>A longer sparse value cannot be right, and no draft is made of it.</summary>
    public static bool CanHold(ReadOnlySpan<byte> value) => value.Length <= HyperLogLog.HeaderBytes + SparseRegisters.BytesMax;

    public bool IsDense { get; private set; }

    public readonly ReadOnlySpan<byte> Value => Whole;

    private readonly Span<byte> Whole =>
        _bytes.AsSpan(0, IsDense ? HyperLogLog.DenseBytes : HyperLogLog.HeaderBytes + _sparse.Length);

    private readonly Span<byte> Registers => _bytes.AsSpan(HyperLogLog.HeaderBytes, DenseRegisters.Bytes);

    /// <summary>Adds an element; false if the value is corrupt.</summary>
    public bool TryAdd(HyperLogLogElement element, out bool isRaised)
    {
        if (!IsDense)
        {
            SparseOutcome outcome = _sparse.Raise(element);
            isRaised = outcome == SparseOutcome.Raised;
            if (outcome != SparseOutcome.MustBeDense) return outcome != SparseOutcome.Corrupt;
            if (!TryMakeDense()) return false;
        }
        isRaised = DenseRegisters.Raise(Registers, element);
        return true;
    }

    /// <summary>Raises the registers to these ranks, a byte each; false if the value is corrupt.</summary>
    public bool TryAddAll(scoped ReadOnlySpan<byte> ranks)
    {
        int at = 0;
        while (!IsDense)
        {
            int skipped = ranks[at..].IndexOfAnyExcept((byte)0);
            if (skipped < 0) return true;
            at += skipped;
            if (!TryAdd(new HyperLogLogElement(at, ranks[at]), out _)) return false;
            if (++at == ranks.Length) return true;
        }
        Span<byte> all = stackalloc byte[HyperLogLog.Registers];
        ranks.CopyTo(all);
        DenseRegisters.MergeInto(all, Registers);
        DenseRegisters.Pack(all, Registers);
        return true;
    }

    /// <summary>Gives it the dense form; false if it is corrupt.</summary>
    public bool TryMakeDense()
    {
        if (IsDense) return true;
        Span<byte> ranks = stackalloc byte[HyperLogLog.Registers];
        ranks.Clear();
        if (!SparseRegisters.TryMergeInto(ranks, HyperLogLog.RegistersOf(Value))) return false;
        HyperLogLog.MarkDense(_bytes);
        IsDense = true;
        DenseRegisters.Pack(ranks, Registers);
        return true;
    }

    /// <summary>What it was changed to, its count out of date.</summary>
    public readonly ReadOnlySpan<byte> Take()
    {
        HyperLogLog.ForgetCount(Whole);
        return Whole;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private static int WriteEmpty(Span<byte> value)
    {
        HyperLogLog.WriteEmptyHeader(value[..HyperLogLog.HeaderBytes]);
        return HyperLogLog.HeaderBytes + SparseRun.Empty(HyperLogLog.Registers).WriteTo(value[HyperLogLog.HeaderBytes..]);
    }
}
