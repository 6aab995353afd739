using System.Globalization;
using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

/// <summary>A sorted set beside a sorted list of the same elements, through every form that it takes.</summary>
public sealed class SortedSetValueTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();
    private readonly SortedSet<(double Score, string Member)> _model = new(Comparer<(double Score, string Member)>.Create(
        (x, y) => x.Score != y.Score ? x.Score.CompareTo(y.Score) : string.CompareOrdinal(x.Member, y.Member)));

    private readonly Dictionary<string, double> _scores = [];

    /// <summary>How many scores there are, and how many members: few scores try the order of members.</summary>
    [Theory]
    [InlineData(1, 4000)]
    [InlineData(3, 4000)]
    [InlineData(100_000, 6000)]
    [InlineData(50, 60)]
    public void It_keeps_its_order_whatever_is_done_to_it(int scores, int members)
    {
        var random = new Random(scores + members);
        for (int round = 0; round < 6; round++)
        {
            double growth = round % 2 == 0 ? 0.8 : 0.2;
            for (int i = 0; i < 4000; i++)
            {
                string member = $"m{random.Next(members)}";
                if (random.NextDouble() < growth) Set(member, random.Next(scores) / 4.0);
                else Remove(member);
            }
            Compare(random);
        }
        while (_scores.Count > 0) RemoveRange(random.Next(_scores.Count), random.Next(1, 50));
        Assert.True(_keyspace.Open("z").Delete());
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    [Fact]
    public void Elements_in_their_order_fill_their_leaves()
    {
        for (int i = 0; i < 100_000; i++) Set($"m{i:D7}", i);
        Compare(new Random(1));
        long bytes = _keyspace.Open("z").MemoryBytes;
        Assert.InRange(bytes, 100_000 * 40, 100_000 * 55);
    }

    /// <summary>In the entry, and in a tree.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void A_rule_decides_what_becomes_of_a_member(int others)
    {
        for (int i = 0; i < others; i++) Set($"other{i}", i);
        Set("m", 5);
        AssertOutcome("m", 6, ScoreRule.OnlyNew, ScoreOutcome.Refused, 5);
        AssertOutcome("absent", 6, ScoreRule.OnlyThere, ScoreOutcome.Refused, double.NaN);
        AssertOutcome("m", 4, ScoreRule.OnlyGreater, ScoreOutcome.Refused, 5);
        AssertOutcome("m", 5, ScoreRule.OnlyLess, ScoreOutcome.Refused, 5);
        AssertOutcome("m", 5, ScoreRule.None, ScoreOutcome.Same, 5);
        AssertOutcome("m", 6, ScoreRule.OnlyGreater, ScoreOutcome.Changed, 6);
        AssertOutcome("m", 2, ScoreRule.Add, ScoreOutcome.Changed, 8);
        AssertOutcome("m", -2, ScoreRule.Add | ScoreRule.OnlyGreater, ScoreOutcome.Refused, 8);
        AssertOutcome("m", double.PositiveInfinity, ScoreRule.None, ScoreOutcome.Changed, double.PositiveInfinity);
        AssertOutcome("m", double.NegativeInfinity, ScoreRule.Add, ScoreOutcome.NotANumber, double.PositiveInfinity);
        AssertOutcome("n", 3, ScoreRule.OnlyGreater | ScoreRule.Add, ScoreOutcome.Added, 3);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void A_copy_has_nothing_in_common_with_what_it_was_made_of(int members)
    {
        for (int i = 0; i < members; i++) Set($"m{i}", i % 7);
        Key source = _keyspace.Open("z");
        Key target = _keyspace.Open("copy");
        source.CopyTo(ref target, -1);
        Compare(new Random(1));
        for (int i = 0; i < members; i++) Set($"m{i}", -i);
        Key copy = _keyspace.Open("copy");
        Assert.Equal(members, SortedSetValue.Count(in copy));
        Assert.True(SortedSetValue.TryGetScore(in copy, "m8"u8, out double score));
        Assert.Equal(1, score);
        Assert.True(copy.Delete());
        Compare(new Random(2));
        Assert.True(_keyspace.Open("z").Delete());
        while (!_keyspace.Space.Graveyard.Dig(1000)) { }
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    [Fact]
    public void Zero_keeps_its_sign_only_where_redis_would_keep_a_double()
    {
        Set("m", -0.0);
        Assert.Equal("0", Score("m"));
        _keyspace.Settings.SortedSetListpackEntriesMax = 1;
        Set("n", -0.0);
        Assert.Equal("-0", Score("n"));
        for (int i = 0; i < 200; i++) Set($"o{i}", 1);
        Assert.Equal("-0", Score("n"));
        Assert.Equal("0", Score("m"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_set_of_many_nodes_that_shrinks_at_random_finds_what_is_left(int seed)
    {
        const int Count = 60_000;
        const int Left = 2_000;
        int[] order = [.. Enumerable.Range(0, Count)];
        Key key = _keyspace.Open("z");
        foreach (int i in order) SortedSetValue.Set(ref key, Encoding.ASCII.GetBytes($"m{i}"), i);
        new Random(seed).Shuffle(order);
        foreach (int i in order.AsSpan(Left)) Assert.True(SortedSetValue.Remove(ref key, Encoding.ASCII.GetBytes($"m{i}")));
        int[] left = order[..Left];
        Array.Sort(left);
        for (int rank = 0; rank < Left; rank++)
        {
            Assert.Equal(rank, SortedSetValue.RankOf(in key, Encoding.ASCII.GetBytes($"m{left[rank]}"), out double score));
            Assert.Equal(left[rank], score);
        }
    }

    public void Dispose() => _keyspace.Dispose();

    private void Set(string member, double score)
    {
        Key key = _keyspace.Open("z");
        bool isNew = SortedSetValue.Set(ref key, Encoding.ASCII.GetBytes(member), score);
        Assert.Equal(!_scores.ContainsKey(member), isNew);
        if (!isNew) _model.Remove((_scores[member], member));
        _scores[member] = score;
        _model.Add((score, member));
    }

    private void AssertOutcome(string member, double score, ScoreRule rule, ScoreOutcome expected, double left)
    {
        Key key = _keyspace.Open("z");
        byte[] name = Encoding.ASCII.GetBytes(member);
        Assert.Equal(expected, SortedSetValue.Set(ref key, name, ref score, rule));
        Assert.Equal(left, SortedSetValue.TryGetScore(in key, name, out double found) ? found : double.NaN);
    }

    private string Score(string member)
    {
        Key key = _keyspace.Open("z");
        SortedSetValue.TryGetScore(in key, Encoding.ASCII.GetBytes(member), out double score);
        return score.ToString(CultureInfo.InvariantCulture);
    }

    private void Remove(string member)
    {
        Key key = _keyspace.Open("z");
        bool isThere = _scores.Remove(member, out double score);
        _model.Remove((score, member));
        if (key.Exists) Assert.Equal(isThere, SortedSetValue.Remove(ref key, Encoding.ASCII.GetBytes(member)));
    }

    private void RemoveRange(int rank, int count)
    {
        Key key = _keyspace.Open("z");
        count = Math.Min(count, _scores.Count - rank);
        foreach ((double Score, string Member) element in _model.Skip(rank).Take(count).ToArray())
        {
            _model.Remove(element);
            _scores.Remove(element.Member);
        }
        SortedSetValue.RemoveRange(ref key, rank, count);
        Assert.Equal(_scores.Count, SortedSetValue.Count(in key));
    }

    private void Compare(Random random)
    {
        Key key = _keyspace.Open("z");
        (double Score, string Member)[] expected = [.. _model];
        Assert.Equal(expected.Length, SortedSetValue.Count(in key));
        if (expected.Length == 0) return;
        Assert.Equal(expected, Elements(SortedSetValue.Walk(in key, 0)));
        Assert.Equal(expected.Reverse(), Elements(SortedSetValue.Walk(in key, expected.Length - 1, isBackward: true)));
        for (int i = 0; i < 200; i++)
        {
            int rank = random.Next(expected.Length);
            (double score, string member) = expected[rank];
            Assert.Equal(rank, SortedSetValue.RankOf(in key, Encoding.ASCII.GetBytes(member), out double found));
            Assert.Equal(score, found);
            Assert.Equal(expected.Count(e => e.Score < score), SortedSetValue.RankOf(in key, SortedBound.BeforeScore(score)));
            Assert.Equal(expected.Count(e => e.Score <= score), SortedSetValue.RankOf(in key, SortedBound.AfterScore(score)));
            double between = score + 0.1;
            Assert.Equal(expected.Count(e => e.Score < between), SortedSetValue.RankOf(in key, SortedBound.BeforeScore(between)));
        }
    }

    private static List<(double Score, string Member)> Elements(SortedWalk walk)
    {
        var elements = new List<(double Score, string Member)>();
        Span<byte> digits = stackalloc byte[20];
        while (walk.TryNext(out ListPackElement member, out double score))
            elements.Add((score, Encoding.ASCII.GetString(member.TextIn(digits))));
        return elements;
    }
}
