using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>A group of a stream's consumers.</summary>
internal readonly record struct GroupKey(int DatabaseId, string Stream, string Group);

/// <summary>What a group.read frame asks for.</summary>
internal sealed record GroupTerms(GroupKey Key, string Consumer)
{
    public string Stream => Key.Stream;

    public string Group => Key.Group;

    /// <summary>What is pending for the consumer comes first.</summary>
    public bool StartsWithPending { get; private init; }

    public long Credit { get; private init; }

    /// <summary>Entries that nobody has touched for so many milliseconds are claimed; null: none.</summary>
    public long? ClaimIdleMs { get; private init; }

    /// <summary>What is given counts as done.</summary>
    public bool IsUnacknowledged { get; private init; }

    public DataMode Data { get; private init; }

    public static GroupTerms Of(ClientFrame frame, int databaseId) => new(new GroupKey(databaseId, frame.Stream!, frame.Group!), frame.Consumer!)
    {
        StartsWithPending = frame.Start != "new",
        Credit = frame.Credit ?? SocketLimits.DefaultGroupCredit,
        ClaimIdleMs = frame.ClaimIdleMs,
        IsUnacknowledged = frame.IsUnacknowledged,
        Data = Subscription.ModeOf(frame.Data),
    };
}
