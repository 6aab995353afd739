using System.Buffers.Binary;
using Galley.Resp.Protocol;
using Galley.Store.Commands;
using Galley.Store.Keyspace;

namespace Galley.Store.Scripting;

/// <summary>
/// What a script can be undone by: copies of the keys that its commands are about to change, beside the databases. They are
/// made only where <c>on-timeout</c> is <c>rollback</c>, since they cost each key that a script writes a copy.
/// </summary>
internal sealed class ScriptUndo(ServerContext server)
{
    private readonly ServerContext _server = server;

    /// <summary>Copies of keys under the number of their database and their name.</summary>
    private readonly Database _copies = new(server.Databases, id: -1, partitionCount: 1);

    /// <summary>What was kept, by the same name: whether the key was there, and when it was to expire.</summary>
    private readonly Dictionary<byte[], Kept> _kept = new(BytesComparer.Instance);

    private long _dirtyBefore;
    private UnitMark _effectsBefore;
    private bool _isUnbounded;

    /// <summary>
    /// There is no way back: a command has run whose effects no keys of its own bound (FLUSHALL, MOVE), or so much has changed that the
    /// log has taken the beginning.
    /// </summary>
    public bool IsImpossible => _isUnbounded || !_server.Effects.Holds(_effectsBefore);

    /// <summary>A script begins, whether or not keys are to be kept for it: where the log ends is known of each.</summary>
    public void Begin()
    {
        _isUnbounded = false;
        _dirtyBefore = _server.Stats.Dirty;
        _effectsBefore = _server.Effects.Mark;
    }

    /// <summary>A command is about to write: the keys that it names are kept.</summary>
    public void BeforeWrite(int database, CommandInfo command, in Arguments args)
    {
        if (command.Has(Flags.WholeKeyspace) || IsAcrossDatabases(command, in args))
        {
            _isUnbounded = true;
            return;
        }
        foreach (KeyPosition key in command.KeysOf(in args))
        {
            if ((key.Access & KeyAccess.NotKey) == 0) Keep(database, args[key.Argument]);
        }
    }

    /// <summary>Everything is as it was. Nobody is told, since nobody was told of the changes.</summary>
    /// <param name="keysToo">Every key that has changed was kept; otherwise only what was told of the changes is taken back.</param>
    public void RollBack(bool keysToo)
    {
        if (keysToo)
        {
            foreach ((byte[] place, Kept kept) in _kept) PutBack(place, kept);
        }
        _server.Effects.RollBackTo(_effectsBefore);
        _server.Feed.Discard();
        _server.Stats.Dirty = _dirtyBefore;
        Forget();
    }

    /// <summary>The script has ended, and stands.</summary>
    public void Forget()
    {
        if (_kept.Count == 0) return;
        _kept.Clear();
        _copies.Clear();
    }

    private static bool IsAcrossDatabases(CommandInfo command, in Arguments args) =>
        command.Name == "MOVE" || (command.Name == "COPY" && args.Count > 3);

    /// <summary>
    /// Keeps a key as it is now, unless it was kept before. One whose time has passed is kept with it: put back, it expires again, and
    /// the log, which was rolled back, hears of it then.
    /// </summary>
    public void Keep(int database, ReadOnlySpan<byte> name)
    {
        byte[] place = PlaceOf(database, name);
        if (_kept.ContainsKey(place)) return;
        Key key = _server.Databases[database].Open(name);
        _kept.Add(place, new Kept(key.Exists, key.ExpiresAtMs));
        if (!key.Exists) return;
        // A copy is no new key of anybody's.
        bool hasNewKey = _server.Databases.HasNewKey;
        Key copy = _copies.Open(place);
        key.CopyTo(ref copy, Database.NoExpiry);
        _server.Databases.HasNewKey = hasNewKey;
    }

    private void PutBack(byte[] place, Kept kept)
    {
        Key key = _server.Databases[BinaryPrimitives.ReadInt32LittleEndian(place)].Open(place.AsSpan(sizeof(int)));
        if (kept.Existed)
        {
            Key copy = _copies.Open(place);
            copy.MoveTo(ref key, kept.ExpiresAtMs);
        }
        else
        {
            key.Delete();
        }
        _server.Databases.HasNewKey = false;
    }

    private static byte[] PlaceOf(int database, ReadOnlySpan<byte> name)
    {
        var place = new byte[sizeof(int) + name.Length];
        BinaryPrimitives.WriteInt32LittleEndian(place, database);
        name.CopyTo(place.AsSpan(sizeof(int)));
        return place;
    }

    /// <summary>A key as it was.</summary>
    private readonly record struct Kept(bool Existed, long ExpiresAtMs);
}
