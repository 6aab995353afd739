namespace Galley.Store.Memory;

/// <summary>
/// The thread of an arena that talks to the system about pages: it populates ahead of the frontier and discards what was
/// given back, so that no command pays for either (zeroing 2 MiB takes about 0.2 ms). It sleeps until the pool asks, and
/// starts when it first does.
/// </summary>
internal sealed class PageKeeper(PagePool pool) : IDisposable
{
    private readonly PagePool _pool = pool;
    private readonly AutoResetEvent _wake = new(false);
    private Thread? _thread;
    private volatile bool _ends;

    /// <summary>The pool has something for it. Under the gate.</summary>
    public void Ask()
    {
        if (_thread is null) Start();
        _wake.Set();
    }

    public void Dispose()
    {
        _ends = true;
        _wake.Set();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "page keeper" };
        _thread.Start();
    }

    private void Run()
    {
        while (!_ends)
        {
            _pool.Tend();
            _wake.WaitOne();
        }
    }
}
