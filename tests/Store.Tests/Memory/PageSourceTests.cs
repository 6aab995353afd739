using Galley.Store.Memory;
using Xunit;

namespace Galley.Store.Tests.Memory;

public sealed class PageSourceTests : IDisposable
{
    private const int PageBytes = 1 << 16;

    private readonly PageSource _source = new(64L << 20);

    public void Dispose() => _source.Dispose();

    [Fact]
    public void An_address_outside_the_range_is_refused()
    {
        long end = _source.Bytes;
        Assert.Equal(8, _source.Span(end - 8, 8).Length);
        Assert.Throws<InvalidOperationException>(() => _source.Span(end - 8, 9).Length);
        Assert.Throws<InvalidOperationException>(() => _source.Span(-1, 1).Length);
        Assert.Throws<InvalidOperationException>(() => _source.Span(long.MaxValue, 1).Length);
        Assert.Throws<InvalidOperationException>(() => _source.Words(end - 8, 2).Length);
        Assert.ThrowsAny<Exception>(() => _source.Span(0, -1).Length);
        Assert.ThrowsAny<Exception>(() => _source.Words(0, -1).Length);
        Assert.Throws<InvalidOperationException>(() => _source.At<long>(end - 7));
        Assert.Throws<InvalidOperationException>(() => _source.Discard(end, PageBytes));
    }

    [Fact]
    public void Discarded_pages_read_as_zero_and_can_be_written_again()
    {
        Span<byte> stale = _source.Span(PageBytes, PageBytes);
        stale.Fill(1);
        _source.Discard(PageBytes, PageBytes);
        Assert.False(stale.ContainsAnyExcept((byte)0));
        stale[5] = 2;
        Assert.Equal(2, _source.Span(PageBytes + 5, 1)[0]);
    }

    [Fact]
    public void Moved_pages_are_at_their_new_place_and_a_stale_span_reads_zeros()
    {
        if (!OperatingSystem.IsLinux()) return;
        Span<byte> stale = _source.Span(PageBytes, 4 * PageBytes);
        stale.Fill(1);
        Assert.True(_source.TryMove(PageBytes, 100 * PageBytes, 4 * PageBytes));
        Assert.False(_source.Span(100 * PageBytes, 4 * PageBytes).ContainsAnyExcept((byte)1));
        Assert.False(stale.ContainsAnyExcept((byte)0));
        _source.Renew(100 * PageBytes, 4 * PageBytes);
        Assert.False(_source.Span(100 * PageBytes, 4 * PageBytes).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Populated_pages_are_there()
    {
        _source.Populate(0, 4 * PageBytes);
        Assert.False(_source.Span(0, 4 * PageBytes).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_reservation_that_no_system_has_becomes_smaller()
    {
        using var huge = new PageSource(1L << 50);
        Assert.InRange(huge.Bytes, 1L << 30, 1L << 47);
        huge.Span(huge.Bytes - 1, 1)[0] = 1;
    }

    [Fact]
    public void Hundreds_of_ranges_can_be_had_at_once()
    {
        PageSource[] sources = [.. Enumerable.Range(0, 300).Select(_ => new PageSource(1L << 30))];
        foreach (PageSource source in sources) source.Span(1 << 20, 1)[0] = 1;
        foreach (PageSource source in sources) source.Dispose();
    }

    [Fact]
    public void After_Dispose_no_span_can_be_had()
    {
        var source = new PageSource(1 << 20);
        source.Dispose();
        source.Dispose();
        source.Discard(0, PageBytes);
        Assert.Throws<InvalidOperationException>(() => source.Span(0, 1).Length);
    }
}
