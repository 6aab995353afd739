using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Aof;

/// <summary>The commands that make a key again as it is. A collection takes one for each 64 elements, as in redis-server.</summary>
internal static partial class EntryCommands
{
    private const int ElementsPerCommand = 64;

    public static void Write(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        switch (entry.Type)
        {
            case KeyType.String:
                bool expires = entry.ExpiresAtMs >= 0;
                EffectWriter set = commands.Begin(databaseId, expires ? 5 : 3).Word("SET"u8).Word(entry.Key).Word(entry.String);
                if (expires) set.Word("PXAT"u8).Word(entry.ExpiresAtMs);
                return;
            case KeyType.List:
                WriteList(commands, databaseId, entry);
                break;
            case KeyType.Set:
                WriteSet(commands, databaseId, entry);
                break;
            case KeyType.Hash:
                WriteHash(commands, databaseId, entry);
                break;
            case KeyType.SortedSet:
                WriteSortedSet(commands, databaseId, entry);
                break;
            case KeyType.Stream:
                StreamCommands.Write(commands, databaseId, entry);
                break;
            default:
                throw new UnreachableException($"A {entry.Type} has no commands.");
        }
        WriteExpiry(commands, databaseId, entry);
    }

    /// <summary>What comes behind the elements of a large collection.</summary>
    public static void WriteTail(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        if (entry.Type == KeyType.Stream) StreamCommands.WriteTail(commands, databaseId, entry);
        WriteExpiry(commands, databaseId, entry);
    }

    private static void WriteExpiry(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        if (entry.ExpiresAtMs >= 0) commands.Begin(databaseId, 3).Word("PEXPIREAT"u8).Word(entry.Key).Word(entry.ExpiresAtMs);
    }

    private static void WriteList(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        var batches = new Batches(commands, databaseId, "RPUSH"u8, entry.Key, ListValue.Count(entry.View), ElementsPerCommand);
        ListWalk walk = ListValue.Walk(entry.View, 0);
        while (walk.TryNext(out ListPackElement element)) batches.Visit(element);
    }

    private static void WriteSet(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        var batches = new Batches(commands, databaseId, "SADD"u8, entry.Key, SetValue.Count(entry.View), ElementsPerCommand);
        SetValue.Scan(entry.View, 0, int.MaxValue, ref batches);
    }

    private static void WriteHash(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        long words = 2 * HashValue.Count(entry.View);
        var fields = new Fields(new Batches(commands, databaseId, "HMSET"u8, entry.Key, words, 2 * ElementsPerCommand));
        HashValue.EachKept(entry.View, ref fields);
        if (!HashValue.HasExpiries(entry.View.Form)) return;
        var expiries = new FieldExpiries(commands, databaseId, entry.Key);
        HashValue.EachKept(entry.View, ref expiries);
    }

    private ref struct Fields(Batches batches) : IFieldVisitor
    {
        private Batches _batches = batches;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            _batches.Visit(field);
            _batches.Visit(value);
        }
    }

    /// <summary>A command for each field that expires.</summary>
    private readonly ref struct FieldExpiries(EffectBuffer commands, int databaseId, ReadOnlySpan<byte> key) : IFieldVisitor
    {
        private readonly EffectBuffer _commands = commands;
        private readonly int _databaseId = databaseId;
        private readonly ReadOnlySpan<byte> _key = key;

        public void Visit(scoped ListPackElement field, scoped ListPackElement value, long expiresAtMs)
        {
            if (expiresAtMs == FieldLayout.Never) return;
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            _commands.Begin(_databaseId, 6).Word("HPEXPIREAT"u8).Word(_key).Word(expiresAtMs).Word("FIELDS"u8).Word(1).Word(field.TextIn(digits));
        }
    }

    private static void WriteSortedSet(EffectBuffer commands, int databaseId, SnapshotEntry entry)
    {
        long words = 2 * SortedSetValue.Count(entry.View);
        var batches = new Batches(commands, databaseId, "ZADD"u8, entry.Key, words, 2 * ElementsPerCommand);
        Span<byte> text = stackalloc byte[Numbers.DoubleBytesMax];
        SortedWalk walk = SortedSetValue.Walk(entry.View, 0);
        while (walk.TryNext(out ListPackElement member, out double score))
        {
            batches.Word(text[..Numbers.FormatDouble(score, text)]);
            batches.Visit(member);
        }
    }

    /// <summary>Elements one after the other, a command begun whenever one is full.</summary>
    /// <param name="count">The words to come, all commands together.</param>
    private ref struct Batches(
        EffectBuffer commands, int databaseId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> key, long count, int wordsPerCommand) : IMemberVisitor
    {
        private readonly ReadOnlySpan<byte> _name = name;
        private readonly ReadOnlySpan<byte> _key = key;
        private long _left = count;
        private int _leftInCommand;

        public void Visit(scoped ListPackElement element)
        {
            Span<byte> digits = stackalloc byte[Numbers.IntegerBytesMax];
            Word(element.TextIn(digits));
        }

        public void Word(scoped ReadOnlySpan<byte> word)
        {
            if (_leftInCommand == 0)
            {
                _leftInCommand = (int)Math.Min(_left, wordsPerCommand);
                commands.Begin(databaseId, 2 + _leftInCommand).Word(_name).Word(_key);
            }
            commands.Word(word);
            _left--;
            _leftInCommand--;
        }
    }
}
