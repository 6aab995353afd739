using Galley.Resp.Transport;

namespace Galley.Store.Commands;

/// <summary>What the clients of all doors have under way at this moment, added up.</summary>
internal readonly record struct ClientFigures(
    long LargestInputBytes,
    long LargestOutputBytes,
    long BufferedBytes,
    int BufferedCount,
    int SubscribedCount,
    int WatchingCount)
{
    /// <summary>Looks at every session; under the gate.</summary>
    public static ClientFigures Of(ServerContext server)
    {
        ClientFigures sum = default;
        foreach (Session session in server.Sessions.All)
        {
            if (session.IsSubscribed) sum = sum with { SubscribedCount = sum.SubscribedCount + 1 };
            if (session.Transaction.WatchedCount > 0) sum = sum with { WatchingCount = sum.WatchingCount + 1 };
            if (session.Connection is { } connection) sum = sum.WithBuffersOf(connection);
        }
        return sum;
    }

    private ClientFigures WithBuffersOf(Connection connection)
    {
        long input = connection.Reader.BufferBytes;
        long output = connection.Output.PendingBytes;
        return this with
        {
            LargestInputBytes = Math.Max(LargestInputBytes, input),
            LargestOutputBytes = Math.Max(LargestOutputBytes, output),
            BufferedBytes = BufferedBytes + input + output + connection.Output.ChunkBytes,
            BufferedCount = BufferedCount + 1,
        };
    }
}
