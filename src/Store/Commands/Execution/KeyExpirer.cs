using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>Takes away keys whose time has passed, met by a command or found by the index.</summary>
internal sealed class KeyExpirer(ServerContext server)
{
    private readonly ServerContext _server = server;

    /// <summary>The key is there and due. While data is loaded, and in the midst of another's command, none goes.</summary>
    public bool IsDue(in Key key) => !_server.IsLoading && !_server.IsBusy && key.IsExpired(_server.Databases.Clock.NowMs);

    /// <summary>
    /// Deletes a key that is due, and tells of it: DEL in the log, the event <c>expired</c>. In a pause it stays, and only
    /// this view of it is empty.
    /// </summary>
    public void Expire(ref Key key)
    {
        if (_server.Pause.IsActive)
        {
            key.Hide();
            return;
        }
        _server.Scripting.BeforeExpiry(in key);
        _server.Stats.ExpiredKeys++;
        KeyRemoval.Remove(_server, ref key, EventClass.Expired, "expired"u8);
    }
}
