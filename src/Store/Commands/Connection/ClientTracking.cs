namespace Galley.Store.Commands;

/// <summary>What a client can ask of its own tracking of keys: that it is off.</summary>
internal static class ClientTracking
{
    private const Flags Common = Flags.NoScript | Flags.Loading | Flags.Stale;
    private const int NoRedirection = -1;

    [Command("CLIENT|GETREDIR", "", Group.Connection, Common, Since = "6.0.0", Cost = "O(1)",
        Summary = "Tells to which client the connection's invalidations go.")]
    public static void GetRedir(Execution x) => x.Reply.Integer(NoRedirection);

    [Command("CLIENT|TRACKINGINFO", "", Group.Connection, Common, Since = "6.2.0", Cost = "O(1)",
        Summary = "Tells how the connection's keys are tracked.")]
    public static void TrackingInfo(Execution x)
    {
        x.Reply.Map(3);
        x.Reply.Bulk("flags"u8);
        x.Reply.Set(1);
        x.Reply.Bulk("off"u8);
        x.Reply.Bulk("redirect"u8);
        x.Reply.Integer(NoRedirection);
        x.Reply.Bulk("prefixes"u8);
        x.Reply.Array(0);
    }
}
