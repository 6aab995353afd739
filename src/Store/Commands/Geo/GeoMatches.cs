using System.Buffers;
using Galley.Store.Commands.SortedSets;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Geo;

/// <summary>A member that lies in the area searched.</summary>
/// <param name="Rank">Where in the sorted set it is.</param>
internal readonly record struct GeoMatch(double DistanceMetres, GeoPosition Position, double Score, long Rank);

/// <summary>What a search has found, in the order of the cells searched. Whoever makes one disposes of it.</summary>
internal sealed class GeoMatches : IDisposable
{
    private const int FirstCapacity = 64;

    private GeoMatch[] _matches = [];
    private int _count;

    public ReadOnlySpan<GeoMatch> Span => _matches.AsSpan(0, _count);

    /// <summary>Finds the members of a sorted set that lie in the shape; with a limit, no more than so many (0: all).</summary>
    public void Search(in Key key, in GeoShape shape, long limit)
    {
        Span<GeoHash> cells = stackalloc GeoHash[GeoCover.CellsMax];
        cells = cells[..GeoCover.Of(in shape, cells)];
        foreach (GeoHash cell in cells)
        {
            if (limit > 0 && _count >= limit) return;
            SearchCell(in key, cell, in shape, limit);
        }
    }

    /// <summary>Puts them into order; those at the same distance stay as they were found.</summary>
    public void Sort(GeoOrder order)
    {
        if (order == GeoOrder.AsFound) return;
        // The positions by which they were found break ties, which no order of an unstable sort would keep.
        double[] distances = ArrayPool<double>.Shared.Rent(_count);
        int[] found = ArrayPool<int>.Shared.Rent(_count);
        GeoMatch[] sorted = ArrayPool<GeoMatch>.Shared.Rent(_count);
        for (int i = 0; i < _count; i++)
            (distances[i], found[i]) = (order == GeoOrder.NearestFirst ? _matches[i].DistanceMetres : -_matches[i].DistanceMetres, i);
        found.AsSpan(0, _count).Sort((x, y) => distances[x] != distances[y] ? distances[x].CompareTo(distances[y]) : x.CompareTo(y));
        for (int i = 0; i < _count; i++) sorted[i] = _matches[found[i]];
        ArrayPool<GeoMatch>.Shared.Return(_matches);
        ArrayPool<double>.Shared.Return(distances);
        ArrayPool<int>.Shared.Return(found);
        _matches = sorted;
    }

    public void Dispose()
    {
        if (_matches.Length > 0) ArrayPool<GeoMatch>.Shared.Return(_matches);
        _matches = [];
        _count = 0;
    }

    private void SearchCell(in Key key, GeoHash cell, in GeoShape shape, long limit)
    {
        long first = SortedSetValue.RankOf(in key, SortedBound.BeforeScore(cell.Score));
        long end = SortedSetValue.RankOf(in key, SortedBound.BeforeScore(cell.Next.Score));
        if (first >= end) return;
        SortedWalk walk = SortedSetValue.Walk(in key, first);
        for (long rank = first; rank < end && walk.TryNext(out _, out double score); rank++)
        {
            GeoPosition position = GeoHash.FromScore(score).Area.Center;
            if (!shape.Contains(position, out double distance)) continue;
            Add(new GeoMatch(distance, position, score, rank));
            if (limit > 0 && _count >= limit) return;
        }
    }

    private void Add(GeoMatch match)
    {
        if (_count == _matches.Length)
        {
            GeoMatch[] larger = ArrayPool<GeoMatch>.Shared.Rent(Math.Max(FirstCapacity, _count * 2));
            Span.CopyTo(larger);
            if (_matches.Length > 0) ArrayPool<GeoMatch>.Shared.Return(_matches);
            _matches = larger;
        }
        _matches[_count++] = match;
    }
}
