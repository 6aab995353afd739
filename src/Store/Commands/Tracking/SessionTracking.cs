using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>Which keys a client is told of when they change.</summary>
public enum TrackingMode : byte
{
    /// <summary>Those that it has read.</summary>
    Read,

    /// <summary>Those that it has read right after CLIENT CACHING YES.</summary>
    OptIn,

    /// <summary>Those that it has read, but not right after CLIENT CACHING NO.</summary>
    OptOut,

    /// <summary>Those that begin with one of its prefixes, read or not.</summary>
    Broadcast,
}

/// <summary>How a client keeps track of keys: what CLIENT TRACKING said, and what has come of it.</summary>
public sealed class SessionTracking
{
    public TrackingMode Mode { get; internal set; }

    /// <summary>NOLOOP: it is not told of what it changes itself.</summary>
    public bool SkipsOwn { get; internal set; }

    /// <summary>The client that is told in its place; 0: itself.</summary>
    public long RedirectId { get; internal set; }

    /// <summary>There was something to tell, and that client was gone.</summary>
    public bool IsRedirectBroken { get; internal set; }

    /// <summary>CLIENT CACHING was called: until the next command, or the end of the next transaction, the other rule holds.</summary>
    public bool IsExcepted { get; internal set; }

    /// <summary>In the order of their bytes; none is the prefix of another, but for the empty one.</summary>
    public SortedSet<byte[]> Prefixes { get; } = new(BytesComparer.Instance);

    /// <summary>Bytes of all prefixes.</summary>
    public long PrefixBytes { get; internal set; }

    /// <summary>The keys of the command that it calls now are remembered.</summary>
    internal bool RemembersReads => Mode switch
    {
        TrackingMode.Read => true,
        TrackingMode.OptIn => IsExcepted,
        TrackingMode.OptOut => !IsExcepted,
        _ => false,
    };
}
