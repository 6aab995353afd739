using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

internal static class HRandField
{
    /// <summary>
    /// The most fields, with repetition, that one reply may have. redis-server writes as many as are asked for, be it for
    /// years; a reply of this many fields has 100 MB at least.
    /// </summary>
    private const long RepeatedMax = 1 << 24;

    /// <summary>With so many times more fields than are asked for, drawing again what was drawn already is rare.</summary>
    private const int DrawShare = 3;

    [Command("HRANDFIELD", "key [(count:integer [WITHVALUES])]", Group.Hash, Flags.ReadOnly, Since = "6.2.0",
        Cost = "O(N) in the fields asked for", Tips = "nondeterministic_output", Summary = "Tells fields of a hash at random.")]
    public static void Run(Execution x)
    {
        if (x.Args.Count == 2) One(x);
        else if (TryReadCount(x, out long count)) Several(x, count, withValues: x.Args.Count == 4);
    }

    private static void One(Execution x)
    {
        if (!TryReadLive(x, out Key key)) return;
        if (!key.Exists)
        {
            x.Reply.Null();
            return;
        }
        HashValue.Random(in key, Random.Shared, out ListPackElement field, out _);
        field.SendTo(x.Reply);
    }

    private static bool TryReadCount(Execution x, out long count)
    {
        if (!x.TryInteger(2, out count)) return false;
        if (count == long.MinValue)
        {
            x.Reply.Error($"ERR value is out of range, value must between {-long.MaxValue} and {long.MaxValue}");
            return false;
        }
        if (x.Args.Count > 4 || (x.Args.Count == 4 && !x.Is(3, "WITHVALUES"u8)))
        {
            x.Reply.Error(Errors.Syntax);
            return false;
        }
        bool isInRange = x.Args.Count < 4 || count is >= -long.MaxValue / 2 and <= long.MaxValue / 2;
        if (!isInRange) x.Reply.Error("ERR value is out of range"u8);
        return isInRange;
    }

    private static void Several(Execution x, long count, bool withValues)
    {
        if (!TryReadLive(x, out Key key)) return;
        if (!key.Exists || count == 0)
        {
            x.Reply.Array(0);
            return;
        }
        if (count < -RepeatedMax)
        {
            x.Reply.Error("ERR value is out of range"u8);
            return;
        }
        long size = HashValue.Count(in key);
        int sent = (int)(count < 0 ? -count : Math.Min(count, size));
        bool isPaired = withValues && x.Reply.Version == RespVersion.Resp3;
        x.Reply.Array(withValues && !isPaired ? sent * 2 : sent);
        var sending = new Sending(x.Reply, withValues, isPaired);
        if (count < 0 || sent == 1) SendRepeated(in key, sent, sending);
        else if (sent <= size / DrawShare && key.Form.IsRooted) SendDistinct(in key, sent, sending);
        else
        {
            var choosing = new Choosing(sending, sent, size);
            HashValue.Each(in key, ref choosing);
        }
    }

    /// <summary>Opens the hash once all fields whose time has passed have gone: none of them may be drawn.</summary>
    private static bool TryReadLive(Execution x, out Key key)
    {
        if (!HashArgument.TryRead(x, out key)) return false;
        while (key.HasFieldExpiries && FieldExpirer.ExpireDue(x.Server, ref key, FieldExpirer.FieldsPerCommand)) { }
        return true;
    }

    private static void SendRepeated(in Key key, int count, Sending sending)
    {
        for (; count > 0; count--)
        {
            HashValue.Random(in key, Random.Shared, out ListPackElement field, out ListPackElement value);
            sending.Visit(field, value, FieldLayout.Never);
        }
    }

    private static void SendDistinct(in Key key, int count, Sending sending)
    {
        var drawn = new HashSet<ulong>(count);
        Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
        while (drawn.Count < count)
        {
            HashValue.Random(in key, Random.Shared, out ListPackElement field, out ListPackElement value);
            if (drawn.Add(key.Hashing.Of(field.TextIn(digits)))) sending.Visit(field, value, FieldLayout.Never);
        }
    }

    /// <summary>Replies with a field, and its value if that is asked for.</summary>
    private readonly struct Sending(RespWriter reply, bool withValues, bool isPaired) : IFieldVisitor
    {
        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            if (isPaired) reply.Array(2);
            field.SendTo(reply);
            if (withValues) value.SendTo(reply);
        }
    }

    /// <summary>Takes so many of the fields that it is shown, each set of them as likely (Knuth 1969, 3.4.2, algorithm S).</summary>
    private struct Choosing(Sending sending, long wanted, long toCome) : IFieldVisitor
    {
        private readonly Sending _sending = sending;
        private long _wanted = wanted;
        private long _toCome = toCome;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            bool takes = Random.Shared.NextInt64(_toCome--) < _wanted;
            if (!takes) return;
            _wanted--;
            _sending.Visit(field, value, expiresAtMs);
        }
    }
}
