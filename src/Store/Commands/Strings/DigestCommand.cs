using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

internal static class DigestCommand
{
    [Command("DIGEST", "key", Group.String, Flags.ReadOnly | Flags.Fast, Since = "8.4.0",
        Cost = "O(N) in the length of the value",
        Summary = "Returns the XXH3 digest of a string value, to be compared with IFDEQ and IFDNE.")]
    public static void Digest(Execution x)
    {
        if (!x.TryRead(1, KeyType.String, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        Span<byte> digits = stackalloc byte[ValueCondition.DigestDigits];
        ValueCondition.FormatDigest(key.String, digits);
        x.Reply.Bulk(digits);
    }
}
