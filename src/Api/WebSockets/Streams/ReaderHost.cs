using Galley.Api.Doors;

namespace Galley.Api.WebSockets;

/// <summary>A reader of a socket, by the id that its client gave it.</summary>
internal interface IReader
{
    string Id { get; }

    /// <summary>The client takes more entries.</summary>
    void AddCredit(long count);

    /// <summary>Reads no more. Any thread, and more than once.</summary>
    void Close();
}

/// <summary>What a reader has of its socket.</summary>
/// <param name="Client">On whose behalf it reads.</param>
/// <param name="Ended">Told by a reader that ends by itself: its id is free.</param>
/// <param name="Broken">A mistake of ours: the socket ends.</param>
internal sealed record ReaderHost(
    SocketServices Services, string RemoteAddress, DoorClient Client, SendQueue Queue, Action<IReader> Ended, Action Broken)
{
    /// <summary>A session of the reader's own.</summary>
    public IDoorSession Open()
    {
        IDoorSession session = Services.Engine.Open(DoorKind.WebSocket, RemoteAddress);
        session.Client = Client;
        return session;
    }
}
