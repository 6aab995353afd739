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

    // Of both.
    public const string Pong = "pong";
}
