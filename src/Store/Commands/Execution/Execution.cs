using Galley.Resp.Protocol;
using Galley.Store.Keyspace;
using Galley.Store.Observability;

namespace Galley.Store.Commands;

/// <summary>
/// One command as it runs: what was asked, by whom, and where the answer goes. A handler has six beats: guard the
/// arguments, open the key, guard its type, act, tell (<see cref="Changed"/>), reply. One object serves a whole gate.
/// </summary>
public sealed partial class Execution(ServerContext server)
{
    private Arguments _args;
    private bool _hasOwnEffects;

    public ServerContext Server { get; } = server;

    public Session Session { get; private set; } = null!;

    public CommandInfo Command { get; private set; } = null!;

    /// <summary>The arguments; index 0 is the name (for a subcommand, 0 the container and 1 the subcommand).</summary>
    public ref readonly Arguments Args => ref _args;

    public RespWriter Reply => Session.Reply;

    /// <summary>Milliseconds since 1970, the same for the whole command, transaction or script.</summary>
    public long NowMs => Server.Databases.Clock.NowMs;

    /// <summary>The name of the command in lower case, as errors quote it: <c>set</c>, <c>client|id</c>.</summary>
    public string CommandName => Command.LowerName;

    /// <summary>The database that the client has selected.</summary>
    public Database Database => Server.Databases[Session.DatabaseId];

    /// <summary>Changes that this command has made.</summary>
    public int Dirty { get; private set; }

    /// <summary>The arguments that hold secrets.</summary>
    internal RedactedArguments Redacted { get; private set; }

    /// <summary>Begins a command.</summary>
    internal void Begin(Session session, CommandInfo command, in Arguments args)
    {
        Session = session;
        Command = command;
        _args = args;
        Dirty = 0;
        _hasOwnEffects = false;
        Redacted = default;
    }

    /// <summary>Ends it: what it changed goes to the log as the command came, unless it said otherwise.</summary>
    internal void LogEffects()
    {
        if (Dirty == 0 || _hasOwnEffects) return;
        if (Server.Commands.Original is not null) LogByOwnName();
        else Server.Effects.Append(Session.DatabaseId, in _args);
    }

    /// <summary>The log outlives the configuration that renamed the command, and other servers read it.</summary>
    private void LogByOwnName()
    {
        EffectWriter effect = Server.Effects.Begin(Session.DatabaseId, _args.Count);
        effect.Word(System.Text.Encoding.ASCII.GetBytes(Command.Name.Split('|')[0]));
        for (int i = 1; i < _args.Count; i++) effect.Word(_args[i]);
    }

    /// <summary>Opens a key to be read: counts a hit or a miss, and notes that it was used. An expired key is absent.</summary>
    public Key Read(int argument) => Read(_args[argument]);

    /// <summary>As the other, a key of the selected database that no argument names (SORT BY).</summary>
    public Key Read(ReadOnlySpan<byte> name)
    {
        Key key = OpenIn(Session.DatabaseId, name);
        if (key.Exists && !Session.LeavesKeysUntouched) key.Touch();
        CountLookup(in key);
        return key;
    }

    /// <summary>As <see cref="Read"/>, but to learn of the key and not to use its value (EXISTS, TYPE, TTL).</summary>
    public Key Look(int argument)
    {
        Key key = Peek(argument);
        CountLookup(in key);
        return key;
    }

    /// <summary>Opens a key to be changed. An expired key is absent, and its deletion is told first.</summary>
    public Key Write(int argument)
    {
        Key key = Peek(argument);
        if (key.Exists && !Session.LeavesKeysUntouched) key.Touch();
        return key;
    }

    /// <summary>Opens a key without leaving a trace (DEL, OBJECT, WATCH). An expired key is absent.</summary>
    public Key Peek(int argument) => OpenIn(Session.DatabaseId, _args[argument]);

    /// <summary>As <see cref="Peek"/>, a key of any database of this server.</summary>
    public Key PeekIn(int database, ReadOnlySpan<byte> name) => OpenIn(database, name);

    /// <summary>
    /// Tells that the key was changed; this alone does what follows: dirty count, WATCH, tracking, keyspace event,
    /// blocked clients. The command goes to the effect log as it came, unless <see cref="Effect"/> said otherwise.
    /// </summary>
    public void Changed(in Key key, EventClass eventClass, ReadOnlySpan<byte> eventName)
    {
        Dirty++;
        Server.Stats.Dirty++;
        key.TouchChanged();
        Server.Touch(key.DatabaseId, key.Name, Session.Caller ?? Session);
        Server.Blocking.Signal(key.DatabaseId, key.Name);
        if (Server.Databases.HasNewKey) NotifyNew(in key);
        Server.PubSub.Notify(eventClass, eventName, key.Name, key.DatabaseId);
    }

    /// <summary>
    /// Tells that something beside a key's value was changed: what a consumer group of a stream knows. Nobody who watches,
    /// tracks or waits for the value is told, as in redis-server; the log, the count of changes and listeners are.
    /// </summary>
    public void ChangedBeside(in Key key, ReadOnlySpan<byte> eventName = default)
    {
        Dirty++;
        Server.Stats.Dirty++;
        if (!eventName.IsEmpty) Server.PubSub.Notify(EventClass.Stream, eventName, key.Name, key.DatabaseId);
    }

    /// <summary>Tells of a further event of a key that <see cref="Changed"/> was told of already.</summary>
    public void Notify(in Key key, EventClass eventClass, ReadOnlySpan<byte> eventName) =>
        Server.PubSub.Notify(eventClass, eventName, key.Name, key.DatabaseId);

    /// <summary>
    /// Tells of a value that is about to be replaced as a whole by one of this type, as SET and the STORE forms do it, by the
    /// events that Redis 8.2 has for it.
    /// </summary>
    public void Replaces(in Key key, KeyType by)
    {
        if (Server.PubSub.TellsOf(EventClass.Overwritten | EventClass.TypeChanged)) Replaced(in key, TypeOf(in key), by);
    }

    /// <summary>As the other, of a value that was replaced: what type it had (null: none was there), and what type it has.</summary>
    public void Replaced(in Key key, KeyType? before, KeyType after)
    {
        if (before is null) return;
        Notify(in key, EventClass.Overwritten, "overwritten"u8);
        if (before != after) Notify(in key, EventClass.TypeChanged, "type_changed"u8);
    }

    public static KeyType? TypeOf(in Key key) => key.Exists ? key.Type : null;

    /// <summary>The event told last is of these fields of the hash: the arguments from this one on, at this stride.</summary>
    public void OfFields(int first, int stride = 1)
    {
        for (int i = first; i < _args.Count; i += stride) Server.PubSub.AddField(_args[i]);
    }

    /// <summary>As the other, of the arguments with these numbers.</summary>
    public void OfFields(scoped ReadOnlySpan<int> arguments)
    {
        foreach (int argument in arguments) Server.PubSub.AddField(_args[argument]);
    }

    /// <summary>
    /// The command has taken the last element of a collection, and told so: the key goes, with the event <c>del</c>.
    /// </summary>
    public void DeleteEmptied(ref Key key)
    {
        key.Delete();
        Notify(in key, EventClass.Generic, "del"u8);
    }

    /// <summary>The keyspace has changed otherwise than key by key (FLUSHALL, SWAPDB).</summary>
    public void ChangedKeyspace(long changes)
    {
        Dirty++;
        Server.Stats.Dirty += changes;
    }

    /// <summary>
    /// Logs a command of so many words in place of the one that runs; several calls log several, as one unit:
    /// <c>x.Effect(4).Word("SET"u8).Word(key.Name).Word(value).Word("KEEPTTL"u8)</c>.
    /// </summary>
    public EffectWriter Effect(int words)
    {
        _hasOwnEffects = true;
        return Server.Effects.Begin(Session.DatabaseId, words);
    }

    /// <summary>What changed is nothing that the log must repeat.</summary>
    public void NoEffect() => _hasOwnEffects = true;

    /// <summary>Shows the command to the clients of MONITOR now: before those that it calls.</summary>
    internal void ShowToMonitors()
    {
        if (Server.Monitors.Count > 0) Server.Monitors.ShowAlways(Session, in _args);
    }

    /// <summary>The argument is a secret: the slow log and MONITOR do not show it.</summary>
    public void Redact(int argument) => Redacted = Redacted.With(argument);

    /// <summary>Parses an argument as a 64-bit integer, or replies (NotInteger, or the error given) and returns false.</summary>
    public bool TryInteger(int argument, out long value, ReadOnlySpan<byte> error = default)
    {
        if (Numbers.TryParseInt64(_args[argument], out value)) return true;
        Reply.Error(error.IsEmpty ? Errors.NotInteger : error);
        return false;
    }

    /// <summary>Parses an argument as an integer from 0 on, or replies with the error given and returns false.</summary>
    public bool TryNotNegative(int argument, ReadOnlySpan<byte> error, out long value)
    {
        if (Numbers.TryParseInt64(_args[argument], out value) && value >= 0) return true;
        Reply.Error(error);
        return false;
    }

    /// <summary>Parses an argument as a double, or replies NotFloat and returns false.</summary>
    public bool TryDouble(int argument, out double value)
    {
        if (Numbers.TryParseDouble(_args[argument], out value)) return true;
        Reply.Error(Errors.NotFloat);
        return false;
    }

    /// <summary>The client is served with this lenience.</summary>
    public bool Allows(Lenience lenience) => (Session.Lenience & lenience) != 0;

    /// <summary>The argument is this word, in any case.</summary>
    public bool Is(int argument, ReadOnlySpan<byte> upperCaseWord) =>
        System.Text.Ascii.EqualsIgnoreCase(_args[argument], upperCaseWord);

    private Key OpenIn(int database, ReadOnlySpan<byte> name)
    {
        Database of = Server.Databases[database];
        Key key = of.Open(name);
        if (!Server.IsLoading) of.Prefixes.CountOperation(name);
        if (key.ExpiresAtMs >= 0 && Server.Expirer.IsDue(in key)) Server.Expirer.Expire(ref key);
        return key;
    }

    private void NotifyNew(in Key key)
    {
        Server.Databases.HasNewKey = false;
        if (key.Exists) Server.PubSub.Notify(EventClass.New, "new"u8, key.Name, key.DatabaseId);
    }

    private void CountLookup(in Key key)
    {
        if (key.Exists)
        {
            Server.Stats.KeyspaceHits++;
            return;
        }
        Server.Stats.KeyspaceMisses++;
        Notify(in key, EventClass.KeyMiss, "keymiss"u8);
    }
}
