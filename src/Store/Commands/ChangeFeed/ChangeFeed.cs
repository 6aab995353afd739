using System.Runtime.InteropServices;
using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>
/// With <c>change-feed yes</c> every keyspace event is also an entry of a stream, an ordinary key of the same database, so
/// that a consumer that was away reads what it missed, alone or in a group, over any door:
/// <code>
///   event hset key user:1 field name field city
/// </code>
/// What happens is noted while a command runs, and written when it has ended, in the same unit of the log: whoever reads the
/// log has both or neither. The stream is bounded by <c>change-feed-maxlen</c>; what happens to the stream itself is not in it.
/// </summary>
public sealed class ChangeFeed(ServerContext server)
{
    /// <summary>What notes may keep of the memory that a long command has made them take.</summary>
    private const int IdleBytesMax = 64 * 1024;

    /// <summary>Words of the effect beside those of the entry: XADD key MAXLEN ~ n id.</summary>
    private const int EffectWords = 6;

    private static readonly ArgumentSlice EventWord = new(0, 5);
    private static readonly ArgumentSlice KeyWord = new(5, 3);
    private static readonly ArgumentSlice FieldWord = new(8, 5);
    private static readonly int FirstByte = Words.Length;

    private readonly ServerContext _server = server;
    private readonly List<ArgumentSlice> _slices = [];
    private readonly List<Note> _notes = [];
    private byte[] _bytes = Words.ToArray();
    private int _length = FirstByte;

    /// <summary>Entries written since the start.</summary>
    public long Entries { get; private set; }

    /// <summary>Events that were not written, because the key of the stream holds something else.</summary>
    public long Dropped { get; private set; }

    private static ReadOnlySpan<byte> Words => "eventkeyfield"u8;

    private bool IsOn => _server.Settings.ChangeFeed && !_server.IsLoading;

    /// <summary>Notes an event of a key.</summary>
    internal void Add(EventClass eventClass, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        if (IsOn && (eventClass & EventClass.All) != 0) AddSlow(eventName, key, database);
    }

    /// <summary>Notes that a database was emptied, its feed with it.</summary>
    internal void AddFlush(int database)
    {
        if (!IsOn) return;
        Begin(database);
        Put("flushdb"u8, EventWord);
    }

    /// <summary>The event noted last is of this field of the hash.</summary>
    internal void AddField(ReadOnlySpan<byte> name)
    {
        if (CanTakeField) Put(name, FieldWord);
    }

    /// <summary>Writes what was noted. No key may be open.</summary>
    internal void Flush()
    {
        if (_notes.Count > 0) FlushSlow();
    }

    /// <summary>What was noted has not happened.</summary>
    internal void Discard()
    {
        _notes.Clear();
        _slices.Clear();
        _length = FirstByte;
    }

    private bool CanTakeField => _notes.Count > 0 && !_notes[^1].IsOfFeed;

    private void AddSlow(ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        // What follows of fields is of this event, which is not to be seen.
        bool isOfFeed = key.SequenceEqual(_server.Settings.ChangeFeedKeyBytes);
        if (isOfFeed && _notes.Count == 0) return;
        Begin(database, isOfFeed);
        if (isOfFeed) return;
        Put(eventName, EventWord);
        Put(key, KeyWord);
    }

    private void Begin(int database, bool isOfFeed = false) => _notes.Add(new Note(database, _slices.Count, isOfFeed));

    private void Put(ReadOnlySpan<byte> word, ArgumentSlice name)
    {
        if (_bytes.Length - _length < word.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + word.Length));
        word.CopyTo(_bytes.AsSpan(_length));
        _slices.Add(name);
        _slices.Add(new ArgumentSlice(_length, word.Length));
        _length += word.Length;
    }

    private void FlushSlow()
    {
        ArgumentSlice[] slices = [.. _slices];
        for (int i = 0; i < _notes.Count; i++)
        {
            Note note = _notes[i];
            if (note.IsOfFeed) continue;
            int end = i + 1 < _notes.Count ? _notes[i + 1].FirstSlice : slices.Length;
            Append(note.Database, new Arguments(_bytes, slices, end).From(note.FirstSlice));
        }
        _notes.Clear();
        _slices.Clear();
        _length = FirstByte;
        if (_bytes.Length > IdleBytesMax) _bytes = Words.ToArray();
    }

    private void Append(int database, Arguments words)
    {
        Key key = _server.Databases[database].Open(_server.Settings.ChangeFeedKeyBytes);
        if (!key.IsAbsentOr(KeyType.Stream))
        {
            Dropped++;
            return;
        }
        if (!key.Exists) StreamValue.Create(ref key);
        StreamId last = StreamValue.Head(in key).LastId;
        var id = new StreamId((ulong)_server.Databases.Clock.NowMs, 0);
        if (id <= last && !last.TryNext(out id))
        {
            Dropped++;
            return;
        }
        StreamValue.Append(ref key, id, in words, 0, words.Count / 2, words.TotalBytes);
        long length = _server.Settings.ChangeFeedLengthMax;
        StreamValue.Trim(ref key, new StreamTrim(IsByLength: true, length, default, IsApproximate: true, Limit: 0));
        Log(database, in key, id, in words);
        Entries++;
        _server.Stats.Dirty++;
        _server.Databases.HasNewKey = false;
        _server.Touch(database, key.Name, by: null);
        _server.Blocking.Signal(database, key.Name);
        _server.PubSub.NotifyListeners(EventClass.Stream, "xadd"u8, key.Name, database);
    }

    private void Log(int database, in Key key, StreamId id, in Arguments words)
    {
        Span<byte> text = stackalloc byte[StreamId.TextBytesMax];
        EffectWriter effect = _server.Effects.Begin(database, EffectWords + words.Count).Word("XADD"u8).Word(key.Name)
            .Word("MAXLEN"u8).Word("="u8).Word(StreamValue.Length(in key)).Word(text[..id.Format(text)]);
        for (int i = 0; i < words.Count; i++) effect = effect.Word(words[i]);
    }

    /// <param name="IsOfFeed">It happened to the feed itself, and is not written.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Note(int Database, int FirstSlice, bool IsOfFeed);
}
