namespace Galley.Store.Memory;

/// <summary>
/// How full the spans of each size class are, counted, and which of them are to be emptied: the sparsest, so many that
/// those that stay have room for what is in them.
/// <code>
///   spans of a class, by 32nds of fullness       0  1  2 ... 14  15  16  17 ... 31  full
///                                                |<--- emptied --->|  <----- stay
///                                                                  cut: so many of this 32nd go, too
/// </code>
/// With S spans of B blocks, U of them used, S - U/B can go. What is moved is the least that gives so many back.
/// </summary>
internal sealed class SpanCensus
{
    private const int Steps = 32;

    /// <summary>So many spans of a class may stay sparse: what comes meanwhile needs room, too.</summary>
    private const int SpansSpared = 1;

    private readonly int[] _spans = new int[SizeClass.Count * (Steps + 1)];
    private readonly long[] _usedBlocks = new long[SizeClass.Count];
    private readonly int[] _cuts = new int[SizeClass.Count];
    private readonly int[] _leftAtCut = new int[SizeClass.Count];

    /// <summary>Bytes of the spans that can be emptied.</summary>
    public long GainBytes { get; private set; }

    public void Clear()
    {
        _spans.AsSpan().Clear();
        _usedBlocks.AsSpan().Clear();
        GainBytes = 0;
    }

    public void Count(byte sizeClass, int usedBlocks)
    {
        _spans[(sizeClass * (Steps + 1)) + StepOf(sizeClass, usedBlocks)]++;
        _usedBlocks[sizeClass] += usedBlocks;
    }

    /// <summary>All spans were counted: decides which can go.</summary>
    public void Decide()
    {
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++) Decide(sizeClass);
    }

    /// <summary>A span that is so full is to be emptied; one that is asked for is taken to be.</summary>
    public bool TryChoose(byte sizeClass, int usedBlocks)
    {
        int step = StepOf(sizeClass, usedBlocks);
        return step < _cuts[sizeClass] || (step == _cuts[sizeClass] && _leftAtCut[sizeClass]-- > 0);
    }

    private void Decide(int sizeClass)
    {
        ref readonly SizeClassShape shape = ref SizeClass.Shapes[sizeClass];
        ReadOnlySpan<int> spans = _spans.AsSpan(sizeClass * (Steps + 1), Steps + 1);
        long total = 0;
        foreach (int count in spans) total += count;
        long needed = (_usedBlocks[sizeClass] + shape.Blocks - 1) / shape.Blocks;
        long left = Math.Max(0, total - needed - SpansSpared);
        GainBytes += left * shape.Pages * PagePool.PageBytes;
        int cut = 0;
        for (; cut < Steps && left >= spans[cut]; cut++) left -= spans[cut];
        (_cuts[sizeClass], _leftAtCut[sizeClass]) = (cut, (int)left);
    }

    private static int StepOf(int sizeClass, int usedBlocks) => usedBlocks * Steps / SizeClass.Shapes[sizeClass].Blocks;
}
