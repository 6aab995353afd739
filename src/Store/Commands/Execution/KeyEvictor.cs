using System.Diagnostics;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Eviction;
using Galley.Store.Memory;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// Takes away the key that <c>maxmemory-policy</c> can spare best, of those that samples have met: a few of each database at
/// each turn, the best of which wait in a pool. Who was used while it waited is ranked anew before it goes.
/// </summary>
internal sealed class KeyEvictor(ServerContext server)
{
    /// <summary>Samples that may come to nothing before no key is found.</summary>
    private const int RoundsMax = 4;

    /// <summary>Keys of one database that are looked at together.</summary>
    private const int SampleMax = 64;

    private const int ChanceSample = 5;

    /// <summary>More keys than these are not looked at for one that goes, whatever <c>maxmemory-samples</c> says.</summary>
    private const int SamplesMax = 1024;

    private readonly ServerContext _server = server;
    private readonly Databases _space = server.Databases;
    private readonly KeySampler _sampler = new(server.Databases);
    private readonly EvictionPool _pool = new();

    /// <summary>Which keys go, and in what order.</summary>
    public EvictionRule Rule { get; private set; }

    /// <summary>The policy has changed: what waits was ranked by another.</summary>
    public void Follow(MaxMemoryPolicy policy)
    {
        Rule = EvictionRule.Of(policy);
        _pool.Clear();
    }

    /// <summary>Takes one key away; false when there is none that may go.</summary>
    public bool TryEvict() => Rule.Ranking switch
    {
        Ranking.None => false,
        Ranking.Chance => TryEvictAny(),
        _ => TryEvictBest(),
    };

    /// <summary>A key of a database that is drawn by how many keys it has.</summary>
    private bool TryEvictAny()
    {
        // More than one is asked for, so that those are found that are rare.
        Span<SampledEntry> found = stackalloc SampledEntry[ChanceSample];
        for (int left = _space.Count, id = IdByChance(); left > 0; left--, id = (id + 1) % _space.Count)
        {
            if (_sampler.Draw(_space[id], Rule, found) == 0) continue;
            Evict(id, found[0].Block);
            return true;
        }
        return false;
    }

    private int IdByChance()
    {
        long total = 0;
        for (int id = 0; id < _space.Count; id++) total += _space[id].Count;
        long left = total == 0 ? 0 : Random.Shared.NextInt64(total);
        for (int id = 0; id < _space.Count; id++)
        {
            left -= _space[id].Count;
            if (left < 0) return id;
        }
        return 0;
    }

    private bool TryEvictBest()
    {
        for (int rounds = RoundsMax; rounds > 0; rounds--)
        {
            bool hasKeys = false;
            for (int id = 0; id < _space.Count; id++) hasKeys |= Sample(_space[id]);
            if (!hasKeys) return false;
            if (!TryTakeBest(out int database, out BlockRef block)) continue;
            Evict(database, block);
            return true;
        }
        return false;
    }

    /// <summary>Offers the pool some keys of the database; false where it has none that may go.</summary>
    private bool Sample(Database database)
    {
        if (database.Count == 0) return false;
        Span<SampledEntry> found = stackalloc SampledEntry[SampleMax];
        bool hasKeys = false;
        for (int left = Math.Min(_server.Settings.MaxMemorySamples, SamplesMax); left > 0; left -= SampleMax)
        {
            Span<SampledEntry> met = found[..Math.Min(left, SampleMax)];
            met = met[.._sampler.Draw(database, Rule, met)];
            foreach (ref readonly SampledEntry entry in met) Offer(database, in entry);
            hasKeys |= met.Length > 0;
        }
        return hasKeys;
    }

    private void Offer(Database database, in SampledEntry entry)
    {
        ulong score = KeyRanking.ScoreOf(Rule.Ranking, _space, entry.Block);
        if (!_pool.Wants(score)) return;
        ulong hash = _space.Hashing.Of(EntryLayout.KeyOf(_space.Arena, entry.Block));
        _pool.Offer(new Candidate(score, database.Id, entry.Partition, hash));
    }

    private bool TryTakeBest(out int database, out BlockRef block)
    {
        while (_pool.TryTake(out Candidate best))
        {
            database = best.Database;
            if (!_sampler.TryFind(in best, Rule, out block)) continue;
            ulong score = KeyRanking.ScoreOf(Rule.Ranking, _space, block);
            if (score >= best.Score || score >= _pool.BestScore) return true;
            _pool.Offer(best with { Score = score });
        }
        database = 0;
        block = BlockRef.None;
        return false;
    }

    private void Evict(int database, BlockRef block)
    {
        long startedAt = Stopwatch.GetTimestamp();
        Key key = _space[database].Open(EntryLayout.KeyOf(_space.Arena, block));
        KeyRemoval.Remove(_server, ref key, EventClass.Evicted, "evicted"u8);
        _server.Stats.EvictedKeys++;
        _server.Feed.Flush();
        _server.Latency.Note(LatencyEvents.EvictionOfKey, Stopwatch.GetTimestamp() - startedAt);
    }
}
