using Galley.Api.Logging;
using Galley.Store.Engine;

namespace Galley.Api.Lifecycle;

/// <summary>Every five seconds, at the level <c>debug</c>: clients and memory.</summary>
internal sealed class StatusLine : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly ITimer _timer;

    public StatusLine(GalleyEngine engine, ServerLog log, TimeProvider time)
    {
        _timer = time.CreateTimer(_ => Write(engine, log), null, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private static void Write(GalleyEngine engine, ServerLog log) => log.Debug(
        $"{engine.Server.Sessions.RespCount} clients connected (0 replicas), {engine.Server.Databases.Arena.UsedBytes} bytes in use");
}
