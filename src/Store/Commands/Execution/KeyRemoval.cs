using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>Takes away a key that no command has deleted.</summary>
internal static class KeyRemoval
{
    /// <summary>Deletes the key and tells of it all who are to know: DEL in the log, who watches, caches or waits for it, the event.</summary>
    public static void Remove(ServerContext server, ref Key key, EventClass eventClass, ReadOnlySpan<byte> eventName)
    {
        int database = key.DatabaseId;
        key.Delete();
        server.Effects.Begin(database, 2).Word("DEL"u8).Word(key.Name);
        server.Touch(database, key.Name, by: null);
        server.Blocking.Signal(database, key.Name);
        server.PubSub.Notify(eventClass, eventName, key.Name, database);
    }
}
