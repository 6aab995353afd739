using Galley.Store.Commands;

namespace Galley.Store.Engine;

/// <summary>What the engine asks of whoever keeps its data on disk.</summary>
public interface IPersistence
{
    /// <summary>Begins to write the append-only file anew; false, with the reason, when it cannot. Under the gate.</summary>
    bool TryBeginRewrite(out string error);

    /// <summary>Stores what was told, and reads all of it back (DEBUG LOADAOF); false, with the reason, when it cannot. Under the gate.</summary>
    bool TryReload(out string error);

    /// <summary>A moment in every cron turn, under the gate: automatic rewrites, what was put off.</summary>
    void Tick(long nowMs);

    PersistenceFigures Figures { get; }
}

/// <summary>Nothing is kept.</summary>
internal sealed class NoPersistence : IPersistence
{
    private const string NotConfigured = "ERR Append only file is not configured: set appendonly yes";

    public bool TryBeginRewrite(out string error)
    {
        error = NotConfigured;
        return false;
    }

    public bool TryReload(out string error)
    {
        error = NotConfigured;
        return false;
    }

    public void Tick(long nowMs) { }

    public PersistenceFigures Figures => new() { LastRewriteOk = true, LastWriteOk = true, LastRewriteSeconds = -1, CurrentRewriteSeconds = -1 };
}
