using System.Text;
using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>
/// One command as COMMAND INFO describes it: ten values, of which clients of Redis 6 read the first seven.
/// </summary>
internal static class CommandDescription
{
    /// <summary>The flags that COMMAND INFO shows; the others are the server's own business.</summary>
    private static readonly (Flags Flag, byte[] Name)[] FlagNames =
    [
        (Flags.Write, "write"u8.ToArray()),
        (Flags.DenyOom, "denyoom"u8.ToArray()),
        (Flags.ReadOnly, "readonly"u8.ToArray()),
        (Flags.Admin, "admin"u8.ToArray()),
        (Flags.PubSub, "pubsub"u8.ToArray()),
        (Flags.NoScript, "noscript"u8.ToArray()),
        (Flags.Blocking, "blocking"u8.ToArray()),
        (Flags.Loading, "loading"u8.ToArray()),
        (Flags.Stale, "stale"u8.ToArray()),
        (Flags.SkipMonitor, "skip_monitor"u8.ToArray()),
        (Flags.SkipSlowlog, "skip_slowlog"u8.ToArray()),
        (Flags.Asking, "asking"u8.ToArray()),
        (Flags.Fast, "fast"u8.ToArray()),
        (Flags.NoAuth, "no_auth"u8.ToArray()),
        (Flags.NoMandatoryKeys, "no_mandatory_keys"u8.ToArray()),
        (Flags.NoAsyncLoading, "no_async_loading"u8.ToArray()),
        (Flags.AllowBusy, "allow_busy"u8.ToArray()),
        (Flags.NoMulti, "no_multi"u8.ToArray()),
    ];

    private static readonly byte[][] AccessNames = Array.ConvertAll(
        ["RO", "RW", "OW", "RM", "access", "update", "insert", "delete", "not_key", "incomplete", "variable_flags"],
        Encoding.ASCII.GetBytes);

    private static readonly byte[][] CategoryNames =
        Array.ConvertAll(AclCategory.Names, name => Encoding.ASCII.GetBytes('@' + name));

    public static void Write(RespWriter reply, CommandInfo command)
    {
        reply.Array(10);
        reply.Bulk(command.LowerName);
        reply.Integer(command.Arity);
        WriteFlags(reply, command);
        reply.Integer(command.Legacy.First);
        reply.Integer(command.Legacy.Last);
        reply.Integer(command.Legacy.Step);
        WriteBits(reply, (uint)command.Categories, CategoryNames);
        reply.Set(command.Tips.Length);
        foreach (string tip in command.Tips) reply.Bulk(tip);
        reply.Set(command.KeySpecifications.Length);
        foreach (KeySpecification specification in command.KeySpecifications) WriteKeys(reply, specification);
        // An array where it holds something, a set where not: redis-server 7 answers so.
        if (command.IsContainer) reply.Array(command.Subcommands.Length);
        else reply.Set(0);
        foreach (CommandInfo subcommand in command.Subcommands) Write(reply, subcommand);
    }

    public static void WriteAccess(RespWriter reply, KeyAccess access) => WriteBits(reply, (uint)access, AccessNames);

    private static void WriteFlags(RespWriter reply, CommandInfo command)
    {
        int count = command.Legacy.IsPartial ? 1 : 0;
        foreach ((Flags flag, _) in FlagNames)
            if (command.Has(flag)) count++;
        reply.Set(count);
        foreach ((Flags flag, byte[] name) in FlagNames)
            if (command.Has(flag)) reply.Simple(name);
        if (command.Legacy.IsPartial) reply.Simple("movablekeys"u8);
    }

    private static void WriteBits(RespWriter reply, uint bits, byte[][] names)
    {
        reply.Set(System.Numerics.BitOperations.PopCount(bits));
        for (int i = 0; i < names.Length; i++)
            if ((bits & (1u << i)) != 0) reply.Simple(names[i]);
    }

    private static void WriteKeys(RespWriter reply, KeySpecification keys)
    {
        reply.Map(keys.Note.Length > 0 ? 4 : 3);
        if (keys.Note.Length > 0)
        {
            reply.Bulk("notes"u8);
            reply.Bulk(keys.Note);
        }
        reply.Bulk("flags"u8);
        WriteAccess(reply, keys.Access);
        reply.Bulk("begin_search"u8);
        WriteSearch(reply, keys);
        reply.Bulk("find_keys"u8);
        WriteRange(reply, keys);
    }

    private static void WriteSearch(RespWriter reply, KeySpecification keys)
    {
        switch (keys.Search)
        {
            case KeySearch.Index:
                BeginSpec(reply, "index"u8, pairs: 1);
                Pair(reply, "index"u8, keys.Start);
                break;
            case KeySearch.Keyword or KeySearch.LastOption:
                BeginSpec(reply, "keyword"u8, pairs: 2);
                reply.Bulk("keyword"u8);
                reply.Bulk(keys.Keyword);
                Pair(reply, "startfrom"u8, keys.Start);
                break;
            default:
                BeginSpec(reply, "unknown"u8, pairs: 0);
                break;
        }
    }

    private static void WriteRange(RespWriter reply, KeySpecification keys)
    {
        if (keys.Search is KeySearch.Unknown or KeySearch.Options)
        {
            BeginSpec(reply, "unknown"u8, pairs: 0);
        }
        else if (keys.IsCounted)
        {
            BeginSpec(reply, "keynum"u8, pairs: 3);
            Pair(reply, "keynumidx"u8, 0);
            Pair(reply, "firstkey"u8, 1);
            Pair(reply, "keystep"u8, keys.Step);
        }
        else
        {
            BeginSpec(reply, "range"u8, pairs: 3);
            Pair(reply, "lastkey"u8, keys.LastKey);
            Pair(reply, "keystep"u8, keys.Step);
            Pair(reply, "limit"u8, keys.Limit);
        }
    }

    private static void BeginSpec(RespWriter reply, ReadOnlySpan<byte> type, int pairs)
    {
        reply.Map(2);
        reply.Bulk("type"u8);
        reply.Bulk(type);
        reply.Bulk("spec"u8);
        reply.Map(pairs);
    }

    private static void Pair(RespWriter reply, ReadOnlySpan<byte> name, int value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
