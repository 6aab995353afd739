namespace Galley.Store.Commands;

/// <summary>What the clients of all doors have under way at this moment, added up.</summary>
internal readonly record struct ClientFigures(
    long LargestInputBytes,
    long LargestOutputBytes,
    long HeldBytes,
    int Count,
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
            sum = sum with
            {
                LargestInputBytes = Math.Max(sum.LargestInputBytes, session.Connection?.Reader.BufferBytes ?? 0),
                LargestOutputBytes = Math.Max(sum.LargestOutputBytes, session.PendingBytes),
                HeldBytes = sum.HeldBytes + SessionMemory.Of(session),
                Count = sum.Count + 1,
            };
        }
        return sum;
    }
}
