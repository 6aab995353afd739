using Galley.Resp.Protocol;

namespace Galley.Store.Tests.Commands;

/// <summary>A connection that carries nothing and notes how it was ended.</summary>
internal sealed class TestConnection() : Galley.Resp.Transport.Connection(new RespLimits())
{
    public bool WasAborted { get; private set; }

    public override void RequestFlush() { }

    public override void Abort()
    {
        WasAborted = true;
        IsClosing = true;
    }

    public bool IsPaused { get; private set; }

    public override void Pause() => IsPaused = true;

    public override void Resume() => IsPaused = false;

    public static TestConnection From(string address, bool isLocal = true) =>
        new() { RemoteAddress = address, LocalAddress = "127.0.0.1:6379", IsLocal = isLocal };
}
