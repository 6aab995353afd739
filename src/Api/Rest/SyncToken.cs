namespace Galley.Api.Rest;

/// <summary>
/// <c>upstash-sync-token</c>: the offset of the log that a response reflects, in base 32. A client sends the last one
/// back to read its own writes; with one keyspace in one process every read does, so any token is welcome.
/// </summary>
internal static class SyncToken
{
    public const string Header = "upstash-sync-token";

    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    public static string Of(long logOffset)
    {
        Span<char> text = stackalloc char[13];
        int at = text.Length;
        ulong rest = (ulong)logOffset;
        do
        {
            text[--at] = Digits[(int)(rest & 31)];
            rest >>= 5;
        }
        while (rest > 0);
        return new string(text[at..]);
    }
}
