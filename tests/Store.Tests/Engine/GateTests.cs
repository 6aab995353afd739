using Galley.Resp.Transport;
using Galley.Store.Engine;

namespace Galley.Store.Tests.Engine;

public sealed class GateTests
{
    [Fact]
    public void Work_from_many_threads_runs_once_each_and_never_two_at_a_time()
    {
        var turn = new CountingTurn();
        var gate = new Gate(turn);
        const int Threads = 8, Each = 20_000;
        int inside = 0, ran = 0, overlaps = 0;
        var done = new CountdownEvent(Threads * Each);
        void Enter()
        {
            if (Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref overlaps);
            ran++;
            Interlocked.Decrement(ref inside);
            done.Signal();
        }
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            for (int n = 0; n < Each; n++)
            {
                if (i % 2 == 0)
                {
                    gate.Post(new Work(Enter));
                    continue;
                }
                gate.Enter();
                Enter();
                gate.Leave();
            }
        }))];
        foreach (Thread thread in threads) thread.Start();
        Assert.True(done.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken), $"{done.CurrentCount} pieces of work never ran");
        foreach (Thread thread in threads) thread.Join();
        Assert.Equal(0, overlaps);
        Assert.Equal(Threads * Each, ran);
        Assert.Equal(turn.Begun, turn.Ended);
    }

    [Fact]
    public void Work_that_finds_the_gate_held_is_run_by_its_holder()
    {
        var gate = new Gate(new CountingTurn());
        gate.Enter();
        int ranOn = 0;
        var poster = new Thread(() => gate.Post(new Work(() => ranOn = Environment.CurrentManagedThreadId)));
        poster.Start();
        poster.Join();
        Assert.Equal(0, ranOn);
        gate.Leave();
        Assert.Equal(Environment.CurrentManagedThreadId, ranOn);
    }

    private sealed class Work(Action action) : ITurnWork
    {
        public void RunInTurn() => action();
    }

    private sealed class CountingTurn : ITurn
    {
        public int Begun { get; private set; }

        public int Ended { get; private set; }

        public void Begin() => Begun++;

        public void End() => Ended++;

        public void AfterEnd() { }
    }
}
