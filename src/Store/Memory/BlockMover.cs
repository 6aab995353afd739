namespace Galley.Store.Memory;

/// <summary>
/// Moves blocks out of spans that are to be emptied (Arena.Evacuation), for those who own them: the owner shows each
/// reference that it has, and writes it anew where it has changed. Looking costs a share of the budget, moving more; the owner
/// ends its step when it is spent.
/// </summary>
internal sealed class BlockMover(Arena arena)
{
    /// <summary>Moving a block takes as long as looking at so many.</summary>
    private const int MoveCost = 4;

    /// <summary>And one more for so many bytes.</summary>
    private const int BytesPerCost = 256;

    public Arena Arena { get; } = arena;

    /// <summary>Blocks that may still be looked at in this step.</summary>
    public int Budget { get; set; }

    public bool IsSpent => Budget <= 0;

    /// <summary>Blocks that were moved.</summary>
    public long Moved { get; private set; }

    /// <summary>Blocks that were looked at and stay.</summary>
    public long Left { get; private set; }

    /// <summary>Texts that lie in blocks of their own are to be looked at: else an element's block alone is.</summary>
    public bool WantsTexts => Arena.HasEvacuatedLong;

    /// <summary>The block is to be moved. None never is.</summary>
    public bool Wants(BlockRef block)
    {
        Budget--;
        if (!block.IsNone && Arena.IsEvacuated(block)) return true;
        Left++;
        return false;
    }

    /// <summary>Moves a block that is to be moved; the old one can be read until the turn ends.</summary>
    public BlockRef Move(BlockRef block)
    {
        Moved++;
        Budget -= MoveCost + (Arena.SizeOf(block) / BytesPerCost);
        return Arena.Move(block);
    }

    /// <summary>Moves the block if it is to be moved, and says so.</summary>
    public bool TryMove(ref BlockRef block)
    {
        if (!Wants(block)) return false;
        block = Move(block);
        return true;
    }

    /// <summary>The same for a word that holds a reference in its low bits, and keeps the others.</summary>
    public bool TryMove(ref ulong word)
    {
        var block = new BlockRef(word & BlockRef.Mask);
        if (!TryMove(ref block)) return false;
        word = (word & ~BlockRef.Mask) | block.Value;
        return true;
    }
}
