using System.Globalization;
using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

public sealed class SortedSetDraftTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();

    [Theory]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(3000)]
    public void It_becomes_the_value_of_a_key_that_held_anything(int count)
    {
        _keyspace.Put("z", "a string");
        using (var draft = new SortedSetDraft(_keyspace.Space))
        {
            for (int i = 0; i < count; i++) draft.Add(Name(i), (i * 7919L) % 100);
            draft.Sort();
            Key key = _keyspace.Open("z");
            draft.MoveTo(ref key);
            Assert.Equal(0, draft.Count);
        }
        Key made = _keyspace.Open("z");
        Assert.Equal(KeyType.SortedSet, made.Type);
        Assert.Equal(count <= 128 ? "listpack" : "skiplist", made.EncodingName);
        Assert.Equal(count, SortedSetValue.Count(in made));
        SortedWalk walk = SortedSetValue.Walk(in made, 0);
        double last = double.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            Assert.True(walk.TryNext(out _, out double score));
            Assert.True(score >= last);
            last = score;
            Assert.True(SortedSetValue.TryGetScore(in made, Name(i), out double found));
            Assert.Equal((i * 7919L) % 100, found);
        }
        AssertNothingIsLeft();
    }

    [Fact]
    public void A_member_that_is_added_again_is_met_with_its_score()
    {
        using (var draft = new SortedSetDraft(_keyspace.Space))
        {
            for (int i = 0; i < 1000; i++)
            {
                bool isNew = draft.TryAdd(Name(i % 300), 1, out SortedEntry there);
                Assert.Equal(i < 300, isNew);
                if (!isNew) draft.SetScore(there, there.Score + 1);
            }
            draft.Sort();
            Assert.Equal(300, draft.Count);
            Assert.All(draft.Entries.ToArray(), entry => Assert.InRange(entry.Score, 3, 4));
            Key key = _keyspace.Open("z");
            draft.MoveTo(ref key);
        }
        Key made = _keyspace.Open("z");
        Assert.True(SortedSetValue.TryGetScore(in made, Name(7), out double score));
        Assert.Equal(4, score);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(100, "0")]
    [InlineData(10, "-0")]
    public void Zero_keeps_its_sign_only_where_redis_would_keep_a_double(int listpackEntriesMax, string expected)
    {
        _keyspace.Settings.SortedSetListpackEntriesMax = listpackEntriesMax;
        _keyspace.Settings.SortedSetListpackValueBytesMax = 100;
        using var draft = new SortedSetDraft(_keyspace.Space);
        // Too long for the entry, whatever is shown.
        for (int i = 0; i < 60; i++) draft.Add(Encoding.ASCII.GetBytes(new string('x', 80) + i.ToString(CultureInfo.InvariantCulture)), -0.0);
        draft.Sort();
        Key key = _keyspace.Open("z");
        draft.MoveTo(ref key);
        SortedWalk walk = SortedSetValue.Walk(in key, 0);
        Assert.True(walk.TryNext(out _, out double score));
        Assert.Equal(expected, score.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_is_left_out_is_freed()
    {
        using (var draft = new SortedSetDraft(_keyspace.Space))
        {
            for (int i = 0; i < 100; i++) draft.Add(Name(i), i);
            var even = new Even();
            draft.Filter(50, ref even);
            Assert.Equal(75, draft.Count);
            Assert.Equal(-52, draft.Entries[51].Score);
            draft.Truncate(10);
            Assert.Equal(10, draft.Count);
        }
        AssertNothingIsLeft();
    }

    public void Dispose() => _keyspace.Dispose();

    private void AssertNothingIsLeft()
    {
        _keyspace.Open("z").Delete();
        while (!_keyspace.Space.Graveyard.Dig(1000)) { }
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    private static byte[] Name(int i) => Encoding.ASCII.GetBytes("member" + i.ToString(CultureInfo.InvariantCulture));

    private readonly struct Even : ISortedFilter
    {
        public bool Accepts(ReadOnlySpan<byte> member, ref double score)
        {
            bool isEven = score % 2 == 0;
            score = -score;
            return isEven;
        }
    }
}
