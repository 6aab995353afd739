using System.Globalization;
using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

public sealed class SetDraftTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();

    [Theory]
    [InlineData("m", 1, "listpack")]
    [InlineData("m", 128, "listpack")]
    [InlineData("m", 129, "hashtable")]
    [InlineData("m", 3000, "hashtable")]
    [InlineData("", 1, "intset")]
    [InlineData("", 512, "intset")]
    [InlineData("", 513, "hashtable")]
    [InlineData("a text that is longer than redis-server lets one be in a listpack of a set, ", 5, "hashtable")]
    public void It_becomes_the_value_of_a_key_that_held_anything(string prefix, int count, string encoding)
    {
        _keyspace.Put("s", "a string");
        using (var draft = new SetDraft(_keyspace.Space))
        {
            for (int i = 0; i < count; i++) draft.TryAdd(Member(prefix, i));
            for (int i = 0; i < count; i++) draft.TryAdd(Member(prefix, i));
            Assert.Equal(count, draft.Count);
            Assert.True(draft.Contains(Member(prefix, count - 1)));
            Assert.False(draft.Contains(Member(prefix, count)));
            Key key = _keyspace.Open("s");
            draft.MoveTo(ref key, draft.Shape.Encoding);
        }
        Key made = _keyspace.Open("s");
        Assert.Equal(KeyType.Set, made.Type);
        Assert.Equal(encoding, made.EncodingName);
        Assert.Equal(count, SetValue.Count(in made));
        for (int i = 0; i < count; i++) Assert.True(SetValue.Contains(in made, Member(prefix, i)));
        AssertNothingIsLeft();
    }

    /// <summary>Of all widths, and too many for one block of the entry.</summary>
    [Theory]
    [InlineData(10, 3)]
    [InlineData(1000, 3)]
    [InlineData(1000, 100_000)]
    [InlineData(1000, 1_000_000_000_000_000)]
    [InlineData(5000, 1)]
    public void Integers_are_in_order_where_they_lie_in_the_entry(int count, long step)
    {
        _keyspace.Settings.SetIntsetEntriesMax = 10_000;
        Key key = _keyspace.Open("s");
        using (var draft = new SetDraft(_keyspace.Space))
        {
            for (int i = 0; i < count; i++) draft.Add(new ListPackElement((i % 2 == 0 ? i : -i) * step));
            draft.MoveTo(ref key, ValueEncoding.IntSet);
        }
        Assert.Equal("intset", key.EncodingName);
        var met = new List<long>();
        var collecting = new Collecting(met);
        SetValue.Each(in key, ref collecting);
        Assert.Equal(count, met.Distinct().Count());
        if (SetValue.IsOrdered(in key)) Assert.Equal(met.Order(), met);
        AssertNothingIsLeft();
    }

    [Fact]
    public void What_becomes_of_nothing_is_freed()
    {
        using (var draft = new SetDraft(_keyspace.Space))
            for (int i = 0; i < 3000; i++) draft.Add(Member("m", i));
        AssertNothingIsLeft();
    }

    public void Dispose() => _keyspace.Dispose();

    private void AssertNothingIsLeft()
    {
        _keyspace.Open("s").Delete();
        while (!_keyspace.Space.Graveyard.Dig(1000)) { }
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    private static ListPackElement Member(string prefix, int i) =>
        new(Encoding.ASCII.GetBytes(prefix + i.ToString(CultureInfo.InvariantCulture)));

    private readonly struct Collecting(List<long> met) : IMemberVisitor
    {
        public void Visit(ListPackElement member)
        {
            Span<byte> digits = stackalloc byte[32];
            met.Add(long.Parse(member.TextIn(digits), CultureInfo.InvariantCulture));
        }
    }
}
