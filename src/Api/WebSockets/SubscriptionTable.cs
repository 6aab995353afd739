namespace Galley.Api.WebSockets;

/// <summary>
/// The subscriptions of one socket, and which of them listen to a channel or pattern. The engine knows the socket once
/// for each name, however many of its subscriptions have it.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Subscription> _byId = [];
    private readonly Dictionary<string, List<Subscription>> _byChannel = [];
    private readonly Dictionary<string, List<Subscription>> _byPattern = [];

    public bool IsFull => _byId.Count >= SocketLimits.SubscriptionsMax;

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
            Dictionary<string, List<Subscription>> byName = ByName(subscription);
            foreach (string name in subscription.Names)
            {
                if (!byName.TryGetValue(name, out List<Subscription>? listeners))
                {
                    byName.Add(name, listeners = []);
                    added.Add(name);
                }
                listeners.Add(subscription);
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
            Dictionary<string, List<Subscription>> byName = ByName(subscription);
            foreach (string name in names)
            {
                if (!subscription.Names.Remove(name)) continue;
                List<Subscription> listeners = byName[name];
                listeners.Remove(subscription);
                if (listeners.Count > 0) continue;
                byName.Remove(name);
                removed.Add(name);
            }
            if (subscription.Names.Count == 0) _byId.Remove(subscription.Id);
        }
        return removed;
    }

    /// <summary>Those that listen to the channel, or have the pattern, of a message.</summary>
    public Subscription[] Listeners(string name, bool isPattern)
    {
        lock (_lock) return (isPattern ? _byPattern : _byChannel).TryGetValue(name, out List<Subscription>? found) ? [.. found] : [];
    }

    private Dictionary<string, List<Subscription>> ByName(Subscription subscription) =>
        subscription.IsByPattern ? _byPattern : _byChannel;
}
