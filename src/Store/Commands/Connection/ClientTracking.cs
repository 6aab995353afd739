using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>CLIENT TRACKING and its like: a client has itself told when keys change that it keeps in a cache of its own.</summary>
internal static class ClientTracking
{
    /// <summary>The id of the client to which invalidations go, of a client that tracks no keys.</summary>
    public const int NoRedirection = -1;

    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale;

    [Command("CLIENT|TRACKING", "(ON | OFF) [REDIRECT client-id:integer] [PREFIX prefix:string [PREFIX prefix:string ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]",
        Group.Connection, Common, Since = "6.0.0", Cost = "O(1), with prefixes O(N) in those that the client has and in those that it adds",
        Summary = "Has the client told when keys change that it has read, or that begin with a prefix.")]
    public static void Tracking(Execution x)
    {
        var request = new TrackingRequest(x);
        if (!request.TryRead(from: 3)) return;
        if (x.Is(2, "ON"u8))
        {
            if (!request.Suits(x.Session.Tracking)) return;
            x.Server.Tracking.TurnOn(x.Session, request.Mode, request.SkipsOwn, request.RedirectId, request.Prefixes);
        }
        else if (x.Is(2, "OFF"u8))
        {
            x.Server.Tracking.TurnOff(x.Session);
        }
        else
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        x.Reply.Ok();
    }

    [Command("CLIENT|CACHING", "(YES | NO)", Group.Connection, Common, Since = "6.0.0", Cost = "O(1)",
        Summary = "Says whether the keys that the next command reads are tracked, where they would not be, or would.")]
    public static void Caching(Execution x)
    {
        if (x.Session.Tracking is not { } tracking)
        {
            x.Reply.Error("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"u8);
            return;
        }
        bool isYes = x.Is(2, "YES"u8);
        if (!isYes && !x.Is(2, "NO"u8))
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (tracking.Mode != (isYes ? TrackingMode.OptIn : TrackingMode.OptOut))
        {
            x.Reply.Error(isYes
                ? "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode."u8
                : "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode."u8);
            return;
        }
        tracking.IsExcepted = true;
        x.Reply.Ok();
    }

    [Command("CLIENT|GETREDIR", "", Group.Connection, Common, Since = "6.0.0", Cost = "O(1)",
        Summary = "Tells to which client the connection's invalidations go.")]
    public static void GetRedir(Execution x) => x.Reply.Integer(x.Session.Tracking?.RedirectId ?? NoRedirection);

    [Command("CLIENT|TRACKINGINFO", "", Group.Connection, Common, Since = "6.2.0", Cost = "O(1)",
        Summary = "Tells how the connection's keys are tracked.")]
    public static void TrackingInfo(Execution x)
    {
        SessionTracking? tracking = x.Session.Tracking;
        RespWriter reply = x.Reply;
        reply.Map(3);
        reply.Bulk("flags"u8);
        WriteFlags(reply, tracking);
        reply.Bulk("redirect"u8);
        reply.Integer(tracking?.RedirectId ?? NoRedirection);
        reply.Bulk("prefixes"u8);
        reply.Array(tracking?.Prefixes.Count ?? 0);
        foreach (byte[] prefix in tracking?.Prefixes ?? []) reply.Bulk(prefix);
    }

    private static void WriteFlags(RespWriter reply, SessionTracking? tracking)
    {
        List<string> flags = [tracking is null ? "off" : "on"];
        if (tracking is { Mode: TrackingMode.Broadcast }) flags.Add("bcast");
        if (tracking is { Mode: TrackingMode.OptIn }) flags.AddRange(tracking.IsExcepted ? ["optin", "caching-yes"] : ["optin"]);
        if (tracking is { Mode: TrackingMode.OptOut }) flags.AddRange(tracking.IsExcepted ? ["optout", "caching-no"] : ["optout"]);
        if (tracking is { SkipsOwn: true }) flags.Add("noloop");
        if (tracking is { IsRedirectBroken: true }) flags.Add("broken_redirect");
        reply.Set(flags.Count);
        foreach (string flag in flags) reply.Bulk(flag);
    }
}
