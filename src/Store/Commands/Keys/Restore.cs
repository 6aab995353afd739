using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Commands;

internal static class Restore
{
    private const string Grammar =
        "key ttl:integer serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds:integer] [FREQ frequency:integer]";

    private const string Cost = "O(N) in the bytes of the value";

    [Command("RESTORE-ASKING", Grammar, Group.Server, Flags.Write | Flags.DenyOom | Flags.Asking, Since = "3.0.0", Cost = Cost,
        Categories = "dangerous keyspace", Keys = "OW UPDATE", Summary = "As RESTORE, for a slot that is being moved.")]
    [Command("RESTORE", Grammar, Group.Generic, Flags.Write | Flags.DenyOom, Since = "2.6.0", Cost = Cost, Categories = "dangerous", Keys = "OW UPDATE",
        Summary = "Makes a key of what DUMP has replied.")]
    public static void Run(Execution x)
    {
        if (!Options.TryRead(x, out Options options)) return;
        if (!options.Replaces && x.Peek(1).Exists)
        {
            x.Reply.Error(Errors.Busy);
            return;
        }
        if (!TryReadExpiry(x, options, out long expiresAtMs)) return;
        if (!DumpPayload.IsWhole(x.Args[3], x.Server.SkipsChecksums))
        {
            x.Reply.Error("ERR DUMP payload version or checksum are wrong"u8);
            return;
        }
        using var draft = new ValueDraft(x.Server.Databases);
        if (!TryRead(x, draft)) return;
        bool isPast = expiresAtMs != Database.NoExpiry && expiresAtMs <= x.NowMs && !x.Server.IsLoading;
        if (isPast) DeleteReplaced(x);
        else Place(x, draft, options, expiresAtMs);
        x.Reply.Ok();
    }

    private static bool TryReadExpiry(Execution x, Options options, out long expiresAtMs)
    {
        expiresAtMs = Database.NoExpiry;
        if (!x.TryInteger(2, out long ttl)) return false;
        if (ttl < 0)
        {
            x.Reply.Error("ERR Invalid TTL value, must be >= 0"u8);
            return false;
        }
        if (ttl == 0) return true;
        // As in redis-server, a time beyond all times is one that has passed.
        expiresAtMs = options.IsAbsolute ? ttl : ttl > long.MaxValue - x.NowMs ? 0 : x.NowMs + ttl;
        return true;
    }

    private static bool TryRead(Execution x, ValueDraft draft)
    {
        try
        {
            Key key = draft.Open();
            DumpPayload.Read(x.Args[3], ref key);
            return true;
        }
        catch (RdbException refusal)
        {
            x.Server.Log(LogLevel.Verbose, "RESTORE refused a payload: " + refusal.Message);
            x.Reply.Error("ERR Bad data format"u8);
            return false;
        }
    }

    private static void DeleteReplaced(Execution x)
    {
        Key key = x.Peek(1);
        if (!key.Delete()) return;
        x.Effect(2).Word("DEL"u8).Word(key.Name);
        x.Changed(in key, EventClass.Generic, "del"u8);
    }

    private static void Place(Execution x, ValueDraft draft, Options options, long expiresAtMs)
    {
        Key key = x.Peek(1);
        x.Replaces(in key, draft.Open().Type);
        draft.MoveTo(ref key, expiresAtMs);
        if (options.IdleSeconds >= 0) key.SetIdle(options.IdleSeconds);
        if (options.Frequency >= 0) key.SetFrequency((byte)options.Frequency);
        if (expiresAtMs != Database.NoExpiry && !options.IsAbsolute) LogAbsolute(x, expiresAtMs);
        x.Changed(in key, EventClass.Generic, "restore"u8);
    }

    private static void LogAbsolute(Execution x, long expiresAtMs)
    {
        EffectWriter effect = x.Effect(x.Args.Count + 1);
        for (int i = 0; i < x.Args.Count; i++)
        {
            if (i == 2) effect.Word(expiresAtMs);
            else effect.Word(x.Args[i]);
        }
        effect.Word("ABSTTL"u8);
    }

    private readonly record struct Options(bool Replaces, bool IsAbsolute, long IdleSeconds, long Frequency)
    {
        public static bool TryRead(Execution x, out Options options)
        {
            options = new Options(false, false, -1, -1);
            for (int i = 4; i < x.Args.Count; i++)
            {
                bool hasValue = i + 1 < x.Args.Count;
                if (x.Is(i, "REPLACE"u8)) options = options with { Replaces = true };
                else if (x.Is(i, "ABSTTL"u8)) options = options with { IsAbsolute = true };
                else if (x.Is(i, "IDLETIME"u8) && hasValue && options.Frequency == -1)
                {
                    if (!TryReadUse(x, ++i, long.MaxValue, "ERR Invalid IDLETIME value, must be >= 0"u8, out long seconds)) return false;
                    options = options with { IdleSeconds = seconds };
                }
                else if (x.Is(i, "FREQ"u8) && hasValue && options.IdleSeconds == -1)
                {
                    if (!TryReadUse(x, ++i, byte.MaxValue, "ERR Invalid FREQ value, must be >= 0 and <= 255"u8, out long frequency)) return false;
                    options = options with { Frequency = frequency };
                }
                else
                {
                    x.Reply.Error(Errors.Syntax);
                    return false;
                }
            }
            return true;
        }

        private static bool TryReadUse(Execution x, int argument, long max, ReadOnlySpan<byte> error, out long value)
        {
            if (!x.TryInteger(argument, out value)) return false;
            if (value >= 0 && value <= max) return true;
            x.Reply.Error(error);
            return false;
        }
    }
}
