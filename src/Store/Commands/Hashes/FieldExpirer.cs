using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands.Hashes;

/// <summary>Takes away fields of a hash whose time has passed, met by a command or found by the index.</summary>
internal static class FieldExpirer
{
    /// <summary>Fields that a command takes away before it begins; those beyond are only not shown.</summary>
    public const int FieldsPerCommand = 64;

    /// <summary>
    /// Takes fields that are due away, at most so many, and tells of it: HDEL in the log, the event <c>hexpired</c>, and
    /// <c>del</c> when the key goes with the last. True if there was any.
    /// </summary>
    public static bool ExpireDue(ServerContext server, ref Key key, int fieldsMax)
    {
        if (!key.HasFieldExpiries) return false;
        int count = (int)Math.Min(HashValue.DueCount(in key), fieldsMax);
        if (count == 0) return false;
        server.Scripting.BeforeExpiry(in key);
        int database = key.DatabaseId;
        server.PubSub.Notify(EventClass.Hash, "hexpired"u8, key.Name, database);
        var telling = new Telling(server.Effects.Begin(database, 2 + count).Word("HDEL"u8).Word(key.Name), server.PubSub);
        HashValue.RemoveDue(ref key, count, ref telling);
        Tell(server, ref key, count);
        return true;
    }

    /// <summary>
    /// Takes one field away if it is still kept though its time has passed: for a command that does not log what comes of
    /// it, but the words that it was given, and that must find the same when the log is read.
    /// </summary>
    public static void ExpireField(ServerContext server, ref Key key, ReadOnlySpan<byte> field)
    {
        if (!key.HasFieldExpiries || !HashValue.RemoveIfDue(ref key, field)) return;
        server.PubSub.Notify(EventClass.Hash, "hexpired"u8, key.Name, key.DatabaseId);
        server.PubSub.AddField(field);
        server.Effects.Begin(key.DatabaseId, 3).Word("HDEL"u8).Word(key.Name).Word(field);
        Tell(server, ref key, 1);
    }

    private static void Tell(ServerContext server, ref Key key, int count)
    {
        server.Stats.ExpiredFields += count;
        server.Touch(key.DatabaseId, key.Name, by: null);
        if (!HashValue.IsEmpty(in key)) return;
        key.Delete();
        server.PubSub.Notify(EventClass.Generic, "del"u8, key.Name, key.DatabaseId);
    }

    /// <summary>Tells the log and the listeners of each field.</summary>
    private readonly struct Telling(EffectWriter effect, PubSubHub listeners) : IMemberVisitor
    {
        public void Visit(ListPackElement member)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            ReadOnlySpan<byte> field = member.TextIn(digits);
            effect.Word(field);
            listeners.AddField(field);
        }
    }
}
