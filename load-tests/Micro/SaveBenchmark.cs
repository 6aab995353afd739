using System.Diagnostics;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Engine;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Persistence.Rdb;

namespace Galley.LoadTests.Micro;

/// <summary>
/// A hash of a million fields is saved: at once, as a value of few fields is, and in turns; and what HSET costs beside it, where
/// nobody saves and where each of its fields has to be handed over.
/// </summary>
internal static class SaveBenchmark
{
    private const int Fields = 1_000_000;
    private const int Changes = 20_000;
    private const int StepElements = 64;
    private const int Rounds = 7;

    /// <summary>Prime to the number of fields.</summary>
    private const int Stride = 7_919;

    private static readonly byte[][] Names = [.. Enumerable.Range(0, Fields).Select(static i => Encoding.ASCII.GetBytes($"field:{i:D7}"))];
    private static readonly byte[] Value = Encoding.ASCII.GetBytes("value:0123456");

    public static void Run()
    {
        using var engine = new GalleyEngine(new Settings(), CommandTable.Shared, TimeProvider.System);
        Databases space = engine.Server.Databases;
        Change(space, Fields, stride: 1);
        double whole = double.MaxValue, turns = double.MaxValue, longest = double.MaxValue, beside = double.MaxValue, under = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            beside = Math.Min(beside, Measure.Once(Changes, () => Change(space, Changes, Stride)));
            SnapshotWalk walk = SnapshotWalk.Begin(space, new AtOnce(Snapshot(engine)));
            whole = Math.Min(whole, Measure.Once(Fields, () => Finish(walk, out _)));

            double step = 0;
            walk = SnapshotWalk.Begin(space, Snapshot(engine));
            turns = Math.Min(turns, Measure.Once(Fields, () => Finish(walk, out step)));
            longest = Math.Min(longest, step);

            walk = SnapshotWalk.Begin(space, Snapshot(engine));
            under = Math.Min(under, Measure.Once(Changes, () => Change(space, Changes, Stride)));
            Finish(walk, out _);
        }
        Measure.Print("save: field, at once", whole, "ns");
        Measure.Print("save: field, in turns", turns, "ns");
        Measure.Print($"save: longest step of {StepElements}", longest, "us");
        Measure.Print("save: HSET while nobody saves", beside, "ns");
        Measure.Print("save: HSET that hands a field over", under, "ns");
    }

    private static void Change(Databases space, int count, int stride)
    {
        for (int i = 0; i < count; i++)
        {
            Key key = space[0].Open("h"u8);
            HashValue.Set(ref key, Names[(int)((long)i * stride % Fields)], Value);
            space.Arena.EndTurn();
        }
    }

    private static void Finish(SnapshotWalk walk, out double longestMicroseconds)
    {
        long longest = 0;
        for (bool isDone = false; !isDone;)
        {
            long startedAt = Stopwatch.GetTimestamp();
            isDone = walk.Step(StepElements);
            longest = Math.Max(longest, Stopwatch.GetTimestamp() - startedAt);
        }
        longestMicroseconds = longest * 1e6 / Stopwatch.Frequency;
    }

    private static RdbSnapshot Snapshot(GalleyEngine engine) =>
        new(engine.Server, new RdbParts(static _ => { }), static () => 0, isLogBase: false);

    /// <summary>Takes every value whole.</summary>
    private sealed class AtOnce(ISnapshotSink sink) : ISnapshotSink
    {
        public bool IsBusy => false;

        public void Take(int databaseId, SnapshotEntry entry) => sink.Take(databaseId, entry);
    }
}
