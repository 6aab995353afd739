using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

internal static class HSetEx
{
    private const string Grammar = "key [FNX | FXX] [" + Expiration.TimeGrammar + " | KEEPTTL] "
        + "(FIELDS numfields:integer field value [field value ...])";

    [Command("HSETEX", Grammar, Group.Hash, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "8.0.0", Cost = "O(1) for each field",
        Keys = "RW UPDATE", Summary = "Gives fields of a hash values, all or none, with one condition and one expiration for all.")]
    public static void Run(Execution x)
    {
        if (!Options.TryRead(x, out Options options)) return;
        if (!HashArgument.TryWrite(x, out Key key)) return;
        if (!IsMet(x, in key, options))
        {
            x.Reply.Integer(0);
            return;
        }
        SetAll(x, ref key, options);
        x.Reply.Integer(1);
    }

    private static bool IsMet(Execution x, in Key key, Options options)
    {
        if (!options.HasCondition) return true;
        for (int i = options.FirstField; i < x.Args.Count; i += 2)
            if (HashValue.Contains(in key, x.Args[i]) != options.MustExist) return false;
        return true;
    }

    /// <summary>
    /// The log has HSET, which ends expiries, and then HPEXPIREAT, so that a server of 7.4 can read it. Fields whose time
    /// has passed were there for a moment, as the events say.
    /// </summary>
    private static void SetAll(Execution x, ref Key key, Options options)
    {
        int first = options.FirstField;
        bool keepsExpiry = options.Expiration == ExpirationKind.KeepTtl;
        for (int i = first; i < x.Args.Count; i += 2) HashValue.Set(ref key, x.Args[i], x.Args[i + 1], keepsExpiry);
        EffectWriter effect = x.Effect(2 + x.Args.Count - first).Word("HSET"u8).Word(key.Name);
        for (int i = first; i < x.Args.Count; i++) effect.Word(x.Args[i]);
        x.Changed(in key, EventClass.Hash, "hset"u8);
        x.OfFields(first, stride: 2);
        if (keepsExpiry) LogKeptExpiries(x, in key, first);
        if (options.Expiration is ExpirationKind.None or ExpirationKind.KeepTtl) return;

        int count = 0;
        var fields = new int[(x.Args.Count - first) / 2];
        for (int i = first; i < x.Args.Count; i += 2)
        {
            if (key.Exists) HExpire.Set(x, ref key, i, options.ExpiresAtMs);
            fields[count++] = i;
        }
        HExpire.Tell(x, ref key, options.ExpiresAtMs, fields);
    }

    private static void LogKeptExpiries(Execution x, in Key key, int first)
    {
        for (int i = first; i < x.Args.Count; i += 2)
        {
            bool expires = HashValue.TryGet(in key, x.Args[i], out _, out long expiresAtMs) && expiresAtMs != FieldLayout.Never;
            if (expires) FieldEffects.Expire(x, in key, expiresAtMs, [i]);
        }
    }

    /// <summary>What stands between the key and the fields, in any order.</summary>
    private struct Options
    {
        public bool HasCondition;
        public bool MustExist;
        public ExpirationKind Expiration;
        public long ExpiresAtMs;
        public int FirstField;

        /// <summary>Reads all of it, or replies with an error.</summary>
        public static bool TryRead(Execution x, out Options options)
        {
            options = default;
            int at = 2;
            for (; at < x.Args.Count && !x.Is(at, "FIELDS"u8); at++)
                if (!options.TryReadOption(x, ref at)) return false;
            if (at == x.Args.Count) return Refuse(x, "ERR missing FIELDS argument"u8);
            return options.TryReadFields(x, at);
        }

        private bool TryReadOption(Execution x, ref int at)
        {
            bool isFxx = x.Is(at, "FXX"u8);
            if (isFxx || x.Is(at, "FNX"u8))
            {
                if (HasCondition) return Refuse(x, "ERR Only one of FXX or FNX arguments can be specified"u8);
                HasCondition = true;
                MustExist = isFxx;
                return true;
            }
            bool keeps = x.Is(at, "KEEPTTL"u8);
            ExpirationKind kind = ExpirationKind.KeepTtl;
            if (!keeps && !StringOptions.TryReadTime(x, at, out kind))
            {
                x.Reply.Error("ERR unknown argument: " + Encoding.Latin1.GetString(x.Args[at]));
                return false;
            }
            if (Expiration != ExpirationKind.None)
                return Refuse(x, "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"u8);
            Expiration = kind;
            if (keeps) return true;
            if (++at == x.Args.Count) return Refuse(x, "ERR missing expire time"u8);
            return FieldTime.TryRead(x, at, kind, out ExpiresAtMs);
        }

        private bool TryReadFields(Execution x, int at)
        {
            FirstField = at + 2;
            int words = x.Args.Count - FirstField;
            if (words < 2) return RefuseArity(x);
            if (!Numbers.TryParseInt64(x.Args[at + 1], out long count) || count is < 1 or > int.MaxValue)
                return Refuse(x, "ERR invalid number of fields"u8);
            return words % 2 == 0 && words / 2 == count || RefuseArity(x);
        }

        private static bool RefuseArity(Execution x)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return false;
        }

        private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
        {
            x.Reply.Error(error);
            return false;
        }
    }
}
