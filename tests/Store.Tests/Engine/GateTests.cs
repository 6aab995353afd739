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

    [Fact]
    public void Work_that_may_take_long_is_run_by_a_thread_of_the_pool_in_its_order()
    {
        var gate = new Gate(new CountingTurn());
        var ran = new List<(string Name, bool OnPool)>();
        var done = new CountdownEvent(3);
        Work Named(string name, bool mayTakeLong) => new(() =>
        {
            ran.Add((name, Thread.CurrentThread.IsThreadPoolThread));
            done.Signal();
        }) { MayTakeLong = mayTakeLong };
        var poster = new Thread(() =>
        {
            gate.Enter();
            foreach ((string name, bool mayTakeLong) in ((string, bool)[])[("first", false), ("long", true), ("last", false)])
                gate.Post(Named(name, mayTakeLong));
            gate.Leave();
        });
        poster.Start();
        poster.Join();
        Assert.True(done.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal([("first", false), ("long", true), ("last", true)], ran);
    }

    [Fact]
    public async Task Long_work_that_finds_the_gate_free_does_not_hold_up_who_posts_it()
    {
        var gate = new Gate(new CountingTurn());
        var ranOnPool = new TaskCompletionSource<bool>();
        var poster = new Thread(() => gate.Post(new Work(() => ranOnPool.SetResult(Thread.CurrentThread.IsThreadPoolThread)) { MayTakeLong = true }));
        poster.Start();
        poster.Join();
        Assert.True(await ranOnPool.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    private sealed class Work(Action action) : ITurnWork
    {
        public bool MayTakeLong { get; init; }

        public void RunInTurn() => action();
    }

    private sealed class CountingTurn : ITurn
    {
        public int Begun { get; private set; }

        public int Ended { get; private set; }

        public void Begin() => Begun++;

        public void End() => Ended++;

        public void AfterEnd(bool servesConnections) { }
    }
}
