using System.Buffers.Binary;
using System.IO.Hashing;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Streams;

/// <summary>XCFGSET and XIDMPRECORD, and what XADD has of them: entries that a producer names are added once.</summary>
internal static class Idempotency
{
    /// <summary>The bytes of the name that IDMPAUTO makes.</summary>
    public const int AutomaticNameBytes = 16;

    [Command("XCFGSET", "key [IDMP-DURATION duration:integer] [IDMP-MAXSIZE maxsize:integer]", Group.Stream, Flags.Write | Flags.Fast, Since = "8.6.0",
        Cost = "O(1), or O(N) in the names that are forgotten", Summary = "Sets how long, and how many names of producers a stream knows.")]
    public static void Configure(Execution x)
    {
        long? duration = null;
        long? entries = null;
        for (int i = 2; i < x.Args.Count; i += 2)
        {
            bool isDuration = x.Is(i, "IDMP-DURATION"u8);
            if (i + 1 == x.Args.Count || (!isDuration && !x.Is(i, "IDMP-MAXSIZE"u8)))
            {
                x.Reply.Error(Errors.Syntax);
                return;
            }
            if (!TryBounded(x, i + 1, isDuration ? StreamIdempotency.DurationSecondsMax : StreamIdempotency.EntriesMaxMax, isDuration, out long value)) return;
            if (isDuration) duration = value;
            else entries = value;
        }
        if (duration is null && entries is null)
        {
            x.Reply.Error(Errors.Syntax);
            return;
        }
        if (!TryOpen(x, out Key key)) return;
        StreamIdempotency.Configure(ref key, duration, entries);
        x.ChangedBeside(in key);
        x.Reply.Ok();
    }

    [Command("XIDMPRECORD", "key pid iid stream-id", Group.Stream, Flags.Write | Flags.DenyOom | Flags.Fast, Since = "8.8.0", Cost = "O(1)",
        Summary = "Notes the name that a producer has given to an entry; the append-only file says it so.")]
    public static void Record(Execution x)
    {
        if (!StreamArgument.TryId(x, 4, out StreamId id)) return;
        if (x.Args[2].IsEmpty || x.Args[3].IsEmpty)
        {
            x.Reply.Error(EmptyName);
            return;
        }
        if (!TryOpen(x, out Key key)) return;
        bool isKnown = StreamIdempotency.TryFind(in key, x.Args[2], x.Args[3], x.NowMs, out StreamId known);
        // What is loaded was so once: the entry may have been trimmed since, and the clock been set back.
        if (!x.Server.IsLoading && !Fits(x, in key, id, isKnown, known)) return;
        if (!isKnown || known != id)
        {
            StreamIdempotency.Remember(ref key, x.Args[2], x.Args[3], id, x.NowMs);
            x.ChangedBeside(in key);
        }
        x.Reply.Ok();
    }

    public static ReadOnlySpan<byte> EmptyName => "ERR PID and IID must not be empty"u8;

    /// <summary>The name of an entry that has none: what its fields and values are, in their order, in 128 bits.</summary>
    public static void NameByContent(Execution x, int firstField, Span<byte> name)
    {
        var hash = new XxHash128();
        Span<byte> length = stackalloc byte[sizeof(int)];
        for (int i = firstField; i < x.Args.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, x.Args[i].Length);
            hash.Append(length);
            hash.Append(x.Args[i]);
        }
        hash.GetHashAndReset(name);
    }

    private static bool TryBounded(Execution x, int argument, long most, bool isDuration, out long value)
    {
        if (!x.TryInteger(argument, out value)) return false;
        if (value >= 1 && value <= most) return true;
        x.Reply.Error($"ERR IDMP-{(isDuration ? "DURATION" : "MAXSIZE")} must be between 1 and {most}");
        return false;
    }

    /// <summary>The entry is there, and name and entry belong to nothing else; or an error is replied.</summary>
    private static bool Fits(Execution x, in Key key, StreamId id, bool isKnown, StreamId known)
    {
        if (!StreamValue.Contains(in key, id)) x.Reply.Error("ERR no entry of the stream has this ID"u8);
        else if (isKnown && known != id) x.Reply.Error("ERR the producer has given this IID to another entry"u8);
        else if (!isKnown && StreamIdempotency.IsNamed(in key, x.Args[2], id, x.NowMs)) x.Reply.Error("ERR the producer has given another IID to this entry"u8);
        else return true;
        return false;
    }

    private static bool TryOpen(Execution x, out Key key)
    {
        if (!StreamArgument.TryWrite(x, 1, out key)) return false;
        if (key.Exists) return true;
        x.Reply.Error(Errors.NoSuchKey);
        return false;
    }
}
