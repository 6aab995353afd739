using System.Globalization;
using System.Text;

namespace Galley.Store.Memory;

/// <summary>What the arena tells of itself on request, and gives back on request.</summary>
public sealed partial class Arena
{
    /// <summary>
    /// How the pages are used, for people to read: a line a size class, then what is no block of one. Looks at the header
    /// of every page.
    /// </summary>
    public string Describe()
    {
        Span<ClassUse> classes = stackalloc ClassUse[SizeClass.Count];
        classes.Clear();
        long largeBlocks = 0, largePages = 0;
        int pages;
        for (int page = 1; page < _pool.Frontier; page += pages)
        {
            ref PageHeader header = ref _pool.Header(page);
            pages = PagesAt(page, header);
            if (header.Kind < PageKind.FirstSpecial)
            {
                classes[header.Kind].Spans++;
                classes[header.Kind].UsedBlocks += header.UsedBlocks;
            }
            else if (header.Kind == PageKind.Large)
            {
                largeBlocks++;
                largePages += pages;
            }
        }

        var text = new StringBuilder();
        Line(text, $"pages of {PagePool.PageBytes} bytes: {_pool.PagesInUse} in use, {_pool.WarmPages} free with memory, {_pool.Frontier - 1} ever");
        Line(text, $"bytes given out: {UsedBytes}, of them in large blocks: {_largeUsedBytes}");
        Line(text, $"large blocks: {largeBlocks} in {largePages} pages");
        Line(text, $"{"class",8} {"spans",10} {"blocks",12} {"used",12} {"share",7}");
        for (int sizeClass = 0; sizeClass < SizeClass.Count; sizeClass++) Line(text, sizeClass, classes[sizeClass]);
        return text.ToString();
    }

    /// <summary>The memory of free pages goes back to the system, all of it, by the keeper's thread.</summary>
    public void GiveBackFreePages() => _pool.CoolAll();

    private static void Line(StringBuilder text, int sizeClass, ClassUse use)
    {
        if (use.Spans == 0) return;
        ref readonly SizeClassShape shape = ref SizeClass.Shapes[sizeClass];
        long blocks = use.Spans * shape.Blocks;
        Line(text, $"{shape.Bytes,8} {use.Spans,10} {blocks,12} {use.UsedBlocks,12} {100.0 * use.UsedBlocks / blocks,6:F1}%");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private struct ClassUse
    {
        public long Spans;
        public long UsedBlocks;
    }
}
