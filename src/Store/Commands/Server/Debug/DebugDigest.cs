using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>
/// DEBUG DIGEST and DIGEST-VALUE: one number for what the keys hold, the same as redis-server's, so that two servers can
/// be compared by it. What has an order is mixed in (each step hashes all that came before); what has none, such as the
/// keys of a database, is joined by XOR.
/// </summary>
[SuppressMessage("Security", "CA5350", Justification = "redis-server's digest is SHA-1; it guards nothing.")]
internal static class DebugDigest
{
    private const int Bytes = SHA1.HashSizeInBytes;

    public static void OfAll(Execution x)
    {
        Span<byte> digest = stackalloc byte[Bytes];
        digest.Clear();
        for (int id = 0; id < x.Server.Databases.Count; id++)
        {
            Database database = x.Server.Databases[id];
            if (database.Count == 0) continue;
            MixNumber(digest, id);
            var keys = new Keys(database, digest);
            KeyspaceScan.All(database, ref keys);
        }
        Reply(x, digest);
    }

    public static void OfValues(Execution x)
    {
        Span<byte> digest = stackalloc byte[Bytes];
        x.Reply.Array(x.Args.Count - 2);
        for (int i = 2; i < x.Args.Count; i++)
        {
            digest.Clear();
            Key key = x.Peek(i);
            if (key.Exists) MixValue(digest, in key);
            Reply(x, digest);
        }
    }

    /// <summary>
    /// Type, value and whether it expires. Members of a set have no order, nor have those of a sorted set beside their scores,
    /// and the fields of a hash beside their values.
    /// </summary>
    private static void MixValue(Span<byte> digest, in Key key)
    {
        MixNumber(digest, (int)key.Type);
        switch (key.Type)
        {
            case KeyType.String:
                Mix(digest, key.String);
                break;
            case KeyType.List:
                MixElements(digest, in key);
                break;
            case KeyType.Set:
                var members = new Members(digest);
                SetValue.Each(in key, ref members);
                break;
            case KeyType.SortedSet:
                JoinElements(digest, in key);
                break;
            case KeyType.Hash:
                var fields = new Fields(digest);
                HashValue.Each(in key, ref fields);
                break;
            case KeyType.Stream:
                MixEntries(digest, in key);
                break;
            default:
                throw new UnreachableException($"No digest of a value of type {key.Type}.");
        }
        if (key.ExpiresAtMs >= 0) Join(digest, "!!expire!!"u8);
    }

    private static void MixElements(Span<byte> digest, in Key key)
    {
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        ListWalk walk = ListValue.Walk(in key, 0);
        while (walk.TryNext(out ListPackElement element)) Mix(digest, element.TextIn(digits));
    }

    private static void MixEntries(Span<byte> digest, in Key key)
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        StreamWalk walk = StreamValue.Walk(in key, StreamId.Min, StreamId.Max);
        while (walk.TryNext(out StreamEntry entry))
        {
            int length = entry.Id.Format(text);
            text[..length].Replace((byte)'-', (byte)'.');
            Mix(digest, text[..length]);
            StreamFields fields = entry.Fields;
            while (fields.TryNext(out ListPackElement name, out ListPackElement value))
            {
                Mix(digest, name.TextIn(text));
                Mix(digest, value.TextIn(text));
            }
        }
    }

    private static void JoinElements(Span<byte> digest, in Key key)
    {
        Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
        Span<byte> element = stackalloc byte[Bytes];
        SortedWalk walk = SortedSetValue.Walk(in key, 0);
        while (walk.TryNext(out ListPackElement member, out double score))
        {
            element.Clear();
            Mix(element, member.TextIn(text));
            Mix(element, text[..Numbers.FormatDouble(score, text)]);
            Join(digest, element);
        }
    }

    private static void Reply(Execution x, ReadOnlySpan<byte> digest) =>
        x.Reply.Simple(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)));

    private static void MixNumber(Span<byte> digest, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        Mix(digest, bytes);
    }

    private static void Mix(Span<byte> digest, ReadOnlySpan<byte> data)
    {
        Join(digest, data);
        Span<byte> mixed = stackalloc byte[Bytes];
        SHA1.HashData(digest, mixed);
        mixed.CopyTo(digest);
    }

    private static void Join(Span<byte> digest, ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA1.HashData(data, hash);
        for (int i = 0; i < Bytes; i++) digest[i] ^= hash[i];
    }

    /// <summary>Joins each member to the digest of its set.</summary>
    private readonly ref struct Members(Span<byte> digest) : IMemberVisitor
    {
        private readonly Span<byte> _digest = digest;

        public void Visit(ListPackElement member)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            Join(_digest, member.TextIn(digits));
        }
    }

    /// <summary>Joins each field, with its value and whether it expires, to the digest of its hash.</summary>
    private readonly ref struct Fields(Span<byte> digest) : IFieldVisitor
    {
        private readonly Span<byte> _digest = digest;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            Span<byte> element = stackalloc byte[Bytes];
            element.Clear();
            Mix(element, field.TextIn(digits));
            Mix(element, value.TextIn(digits));
            if (expiresAtMs != FieldLayout.Never) Join(element, "!!hexpire!!"u8);
            Join(_digest, element);
        }
    }

    /// <summary>Joins each key, with its value, to the digest of all.</summary>
    private readonly ref struct Keys(Database database, Span<byte> sum) : IKeyVisitor
    {
        private readonly Database _database = database;
        private readonly Span<byte> _sum = sum;

        public void Visit(ReadOnlySpan<byte> key, KeyType type)
        {
            Span<byte> digest = stackalloc byte[Bytes];
            digest.Clear();
            Mix(digest, key);
            Key opened = _database.Open(key);
            MixValue(digest, in opened);
            Join(_sum, digest);
        }
    }
}
