namespace Galley.Api.Rest;

/// <summary>
/// <c>upstash-sync-token</c>: the state of the data that a response reflects. A client sends the last one back to read
/// its own writes; with one keyspace in one process every read does, so any token is welcome.
/// </summary>
internal static class SyncToken
{
    public const string Header = "upstash-sync-token";

    public static string Of(long stateNumber) => Base32.Of((ulong)stateNumber);
}
