using System.Globalization;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

/// <summary>A hash beside a dictionary of the same fields, through every form that it takes, while time goes on.</summary>
public sealed class HashValueTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();
    private readonly Dictionary<string, (string Value, long ExpiresAtMs)> _model = [];

    /// <summary>How many fields there are, how long values may be, and how many of a hundred changes are to an expiry.</summary>
    [Theory]
    [InlineData(20, 30, 0)]
    [InlineData(20, 30, 30)]
    [InlineData(100, 60, 20)]
    [InlineData(400, 40, 0)]
    [InlineData(400, 40, 30)]
    [InlineData(3000, 300, 50)]
    [InlineData(50, 30_000, 30)]
    public void It_keeps_its_fields_and_their_times_whatever_is_done_to_it(int fields, int longest, int expiries)
    {
        var random = new Random(fields + longest + expiries);
        for (int round = 0; round < 6; round++)
        {
            double growth = round % 2 == 0 ? 0.8 : 0.2;
            for (int i = 0; i < 2000; i++)
            {
                string field = $"f{random.Next(fields)}";
                if (random.Next(100) < expiries) Expire(field, random.Next(4) == 0 ? FieldLayout.Never : Now + random.Next(1, 3000));
                else if (random.NextDouble() < growth) Set(field, Value(random, longest), keepsExpiry: random.Next(2) == 0);
                else Remove(field);
                if (random.Next(10) == 0) Pass(random.Next(60));
                if (random.Next(20) == 0) RemoveDue(random.Next(1, 10));
            }
            Compare();
        }
        Pass(10_000);
        RemoveDue(int.MaxValue);
        Compare();
        _keyspace.Open("h").Delete();
        Assert.Equal(0, _keyspace.Space[0].ExpiringHashCount);
        while (!_keyspace.Space.Graveyard.Dig(1000)) { }
        foreach (Partition partition in _keyspace.Space[0].Partitions) partition.Expiry.Free();
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    public void An_expiry_costs_only_where_there_is_one(int fields)
    {
        for (int i = 0; i < fields; i++) Set($"f{i}", "value", keepsExpiry: false);
        long before = _keyspace.Open("h").MemoryBytes;
        Expire("f0", Now + 1000);
        Assert.True(_keyspace.Open("h").HasFieldExpiries);
        Expire("f0", FieldLayout.Never);
        Assert.False(_keyspace.Open("h").HasFieldExpiries);
        Assert.Equal(before, _keyspace.Open("h").MemoryBytes);
    }

    [Fact]
    public void A_large_hash_with_expiries_is_dropped_in_slices()
    {
        for (int i = 0; i < 5000; i++)
        {
            Set($"f{i}", "value", keepsExpiry: false);
            Expire($"f{i}", Now + i + 1);
        }
        _keyspace.Open("h").Delete();
        Assert.False(_keyspace.Space.Graveyard.Dig(100));
        while (!_keyspace.Space.Graveyard.Dig(100)) { }
        foreach (Partition partition in _keyspace.Space[0].Partitions) partition.Expiry.Free();
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(0, _keyspace.Space.Arena.UsedBytes);
    }

    public void Dispose() => _keyspace.Dispose();

    private long Now => _keyspace.Clock.NowMs;

    private static string Value(Random random, int longest) => random.Next(3) == 0
        ? random.Next(1_000_000).ToString(CultureInfo.InvariantCulture)
        : new string('v', random.Next(longest));

    private bool IsThere(string field) =>
        _model.TryGetValue(field, out (string Value, long ExpiresAtMs) kept) && (kept.ExpiresAtMs == FieldLayout.Never || kept.ExpiresAtMs > Now);

    private void Set(string field, string value, bool keepsExpiry)
    {
        Key key = _keyspace.Open("h");
        bool isThere = IsThere(field);
        Assert.Equal(!isThere, HashValue.Set(ref key, Encoding.ASCII.GetBytes(field), Encoding.ASCII.GetBytes(value), keepsExpiry));
        _model[field] = (value, isThere && keepsExpiry ? _model[field].ExpiresAtMs : FieldLayout.Never);
    }

    private void Expire(string field, long expiresAtMs)
    {
        if (!IsThere(field)) return;
        Key key = _keyspace.Open("h");
        HashValue.SetExpiry(ref key, Encoding.ASCII.GetBytes(field), expiresAtMs);
        _model[field] = (_model[field].Value, expiresAtMs);
    }

    private void Remove(string field)
    {
        Key key = _keyspace.Open("h");
        if (!key.Exists) return;
        bool isThere = IsThere(field);
        Assert.Equal(isThere, HashValue.Remove(ref key, Encoding.ASCII.GetBytes(field)));
        if (isThere) _model.Remove(field);
    }

    private void Pass(int milliseconds)
    {
        _keyspace.Time.Advance(milliseconds);
        _keyspace.Clock.Update();
    }

    private void RemoveDue(int fieldsMax)
    {
        Key key = _keyspace.Open("h");
        if (!key.Exists) return;
        int count = (int)Math.Min(HashValue.DueCount(in key), fieldsMax);
        Assert.Equal(_model.Keys.Count(field => !IsThere(field)), HashValue.DueCount(in key));
        var forgetting = new Forgetting(_model);
        int before = _model.Count;
        HashValue.RemoveDue(ref key, count, ref forgetting);
        Assert.Equal(before - count, _model.Count);
    }

    private void Compare()
    {
        Key key = _keyspace.Open("h");
        var reading = new Reading([]);
        HashValue.Each(in key, ref reading);
        Assert.Equal(
            _model.Where(pair => IsThere(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Value, pair.Value.ExpiresAtMs)),
            reading.Fields.OrderBy(field => field.Field, StringComparer.Ordinal));
        Assert.Equal(reading.Fields.Count, HashValue.Count(in key));
        long[] times = [.. _model.Values.Select(kept => kept.ExpiresAtMs).Where(time => time != FieldLayout.Never)];
        Assert.Equal(times.Length == 0 ? Database.NoExpiry : times.Min(), key.FieldsDueMs);
        Assert.Equal(times.Length == 0 ? 0 : 1, _keyspace.Space[0].ExpiringHashCount);
        foreach ((string field, (string value, long expiresAtMs)) in _model)
        {
            Assert.Equal(IsThere(field), HashValue.TryGet(in key, Encoding.ASCII.GetBytes(field), out ListPackElement found, out long time));
            if (!IsThere(field)) continue;
            Assert.Equal((value, expiresAtMs), (Text(found), time));
        }
    }

    private static string Text(scoped ListPackElement element)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        return Encoding.ASCII.GetString(element.TextIn(digits));
    }

    private readonly struct Forgetting(Dictionary<string, (string Value, long ExpiresAtMs)> model) : IMemberVisitor
    {
        public void Visit(ListPackElement member) => Assert.True(model.Remove(Text(member)));
    }

    private readonly struct Reading(List<(string Field, string Value, long ExpiresAtMs)> fields) : IFieldVisitor
    {
        public List<(string Field, string Value, long ExpiresAtMs)> Fields { get; } = fields;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs) =>
            Fields.Add((Text(field), Text(value), expiresAtMs));
    }
}
