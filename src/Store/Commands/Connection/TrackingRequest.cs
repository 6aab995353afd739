namespace Galley.Store.Commands;

/// <summary>The options of CLIENT TRACKING, and whether they go together and with what the client has chosen before.</summary>
internal sealed class TrackingRequest(Execution x)
{
    private bool _optsIn;
    private bool _optsOut;
    private bool _broadcasts;

    public TrackingMode Mode => _broadcasts ? TrackingMode.Broadcast
        : _optsIn ? TrackingMode.OptIn
        : _optsOut ? TrackingMode.OptOut
        : TrackingMode.Read;

    /// <summary>NOLOOP.</summary>
    public bool SkipsOwn { get; private set; }

    /// <summary>The client that is told in the place of this one, which is there; 0: this one.</summary>
    public long RedirectId { get; private set; }

    public List<byte[]> Prefixes { get; } = [];

    /// <summary>Reads options from an argument on, or replies what is wrong with one.</summary>
    public bool TryRead(int from)
    {
        for (int i = from; i < x.Args.Count; i++)
        {
            bool hasValue = i + 1 < x.Args.Count;
            if (hasValue && x.Is(i, "REDIRECT"u8))
            {
                if (!TryReadRedirect(++i)) return false;
            }
            else if (hasValue && x.Is(i, "PREFIX"u8)) Prefixes.Add(x.Args[++i].ToArray());
            else if (x.Is(i, "BCAST"u8)) _broadcasts = true;
            else if (x.Is(i, "OPTIN"u8)) _optsIn = true;
            else if (x.Is(i, "OPTOUT"u8)) _optsOut = true;
            else if (x.Is(i, "NOLOOP"u8)) SkipsOwn = true;
            else return Refuse(Errors.Syntax);
        }
        return true;
    }

    /// <summary>The options go together, and with how the client tracks keys so far; or the reply is why not.</summary>
    public bool Suits(SessionTracking? present)
    {
        if (!_broadcasts && Prefixes.Count > 0) return Refuse("ERR PREFIX option requires BCAST mode to be enabled"u8);
        if (present is not null && present.Mode == TrackingMode.Broadcast != _broadcasts)
        {
            return Refuse("ERR You can't switch BCAST mode on/off before disabling tracking for this client, "u8
                + "and then re-enabling it with a different mode."u8);
        }
        if (_broadcasts && (_optsIn || _optsOut)) return Refuse("ERR OPTIN and OPTOUT are not compatible with BCAST"u8);
        if (_optsIn && _optsOut) return Refuse("ERR You can't specify both OPTIN mode and OPTOUT mode"u8);
        if ((_optsIn && present is { Mode: TrackingMode.OptOut }) || (_optsOut && present is { Mode: TrackingMode.OptIn }))
        {
            return Refuse("ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, "u8
                + "and then re-enabling it with a different mode."u8);
        }
        return ArePrefixesApart(present);
    }

    private bool TryReadRedirect(int argument)
    {
        if (RedirectId != 0) return Refuse("ERR A client can only redirect to a single other client"u8);
        if (!x.TryInteger(argument, out long id)) return false;
        RedirectId = id;
        return Invalidation.FindReceiver(x.Server, id) is not null || Refuse("ERR The client ID you want redirect to does not exist"u8);
    }

    /// <summary>A key must not begin with two prefixes of one client; no prefix at all, which is the empty one, may join any.</summary>
    private bool ArePrefixesApart(SessionTracking? present)
    {
        for (int i = 0; i < Prefixes.Count; i++)
        {
            foreach (byte[] existing in present?.Prefixes ?? [])
                if (Overlap(existing, Prefixes[i])) return RefuseOverlap(Prefixes[i], "an existing prefix", existing);
            for (int j = i + 1; j < Prefixes.Count; j++)
                if (Overlap(Prefixes[i], Prefixes[j])) return RefuseOverlap(Prefixes[i], "another provided prefix", Prefixes[j]);
        }
        return true;
    }

    private static bool Overlap(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => one.StartsWith(other) || other.StartsWith(one);

    private bool RefuseOverlap(byte[] prefix, string what, byte[] other)
    {
        x.Reply.Error($"ERR Prefix '{PrintedText.Of(prefix)}' overlaps with {what} '{PrintedText.Of(other)}'. "
            + "Prefixes for a single client must not overlap.");
        return false;
    }

    private bool Refuse(ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }
}
