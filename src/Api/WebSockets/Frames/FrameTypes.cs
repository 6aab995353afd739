namespace Galley.Api.WebSockets;

/// <summary>The types of frames, as docs/asyncapi.yaml describes them.</summary>
internal static class FrameTypes
{
    // Of clients.
    public const string Auth = "auth";
    public const string Subscribe = "subscribe";
    public const string PatternSubscribe = "psubscribe";
    public const string ShardSubscribe = "ssubscribe";
    public const string Unsubscribe = "unsubscribe";
    public const string ShardUnsubscribe = "sunsubscribe";
    public const string Command = "cmd";
    public const string Ping = "ping";
    public const string StreamRead = "stream.read";
    public const string GroupRead = "group.read";
    public const string Credit = "credit";
    public const string Acknowledge = "ack";
    public const string Refuse = "nack";
    public const string Claim = "claim";

    // Of the server.
    public const string Hello = "hello";
    public const string Authed = "authed";
    public const string Subscribed = "subscribed";
    public const string PatternSubscribed = "psubscribed";
    public const string ShardSubscribed = "ssubscribed";
    public const string Unsubscribed = "unsubscribed";
    public const string Message = "message";
    public const string PatternMessage = "pmessage";
    public const string ShardMessage = "smessage";
    public const string Gap = "gap";
    public const string Reply = "reply";
    public const string Error = "error";
    public const string Entries = "entries";
    public const string CaughtUp = "caughtup";
    public const string Acknowledged = "acked";
    public const string Refused = "nacked";
    public const string Claimed = "claimed";

    // Of both.
    public const string Pong = "pong";

    /// <summary>The frame asks for something that has its id until its end.</summary>
    public static bool Opens(string type) => type is Subscribe or PatternSubscribe or ShardSubscribe or StreamRead or GroupRead;
}
