using Galley.Api.PubSub;

namespace Galley.Api.WebSockets;

/// <summary>
/// The subscriptions of one socket, and which of them listen to a channel or pattern. The engine knows the socket once
/// for each name, however many of its subscriptions have it.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Subscription> _byId = [];

    // The arrays never change: the fan-out takes one, and who subscribes puts another in its place.
    private readonly Dictionary<string, Subscription[]> _byChannel = [];
    private readonly Dictionary<string, Subscription[]> _byPattern = [];
    private readonly Dictionary<string, Subscription[]> _byShardChannel = [];

    public int Count
    {
        get
        {
            lock (_lock) return _byId.Count;
        }
    }

    public Subscription? Find(string id)
    {
        lock (_lock) return _byId.GetValueOrDefault(id);
    }

    /// <summary>Adds a subscription; gives the names that nobody had before.</summary>
    public List<string> Add(Subscription subscription)
    {
        var added = new List<string>();
        lock (_lock)
        {
            _byId.Add(subscription.Id, subscription);
            Dictionary<string, Subscription[]> byName = ByName(subscription.Kind);
            foreach (string name in subscription.Names)
            {
                Subscription[] listeners = byName.GetValueOrDefault(name, []);
                if (listeners.Length == 0) added.Add(name);
                byName[name] = [.. listeners, subscription];
            }
        }
        return added;
    }

    /// <summary>Takes names off a subscription, and the subscription when none is left; gives those that nobody has now.</summary>
    public List<string> Remove(Subscription subscription, IEnumerable<string> names)
    {
        var removed = new List<string>();
        lock (_lock)
        {
            Dictionary<string, Subscription[]> byName = ByName(subscription.Kind);
            foreach (string name in names)
            {
                if (!subscription.Names.Remove(name)) continue;
                byName[name] = [.. byName[name].Where(other => other != subscription)];
                if (byName[name].Length > 0) continue;
                byName.Remove(name);
                removed.Add(name);
            }
            if (subscription.Names.Count == 0) _byId.Remove(subscription.Id);
        }
        return removed;
    }

    /// <summary>Those that listen to a channel, or have a pattern.</summary>
    public Subscription[] Listeners(string name, MessageKind kind)
    {
        lock (_lock) return ByName(kind).GetValueOrDefault(name, []);
    }

    private Dictionary<string, Subscription[]> ByName(MessageKind kind) => kind switch
    {
        MessageKind.ByPattern => _byPattern,
        MessageKind.OfShard => _byShardChannel,
        _ => _byChannel,
    };
}
