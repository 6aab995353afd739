using System.Globalization;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Eviction;
using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Rdb;

/// <summary>
/// Composes an RDB file, in the oldest version that holds the data:
/// <code>
///   "REDIS0010"
///   250 name value             auxiliary fields: who wrote it, when
///   245 library                a library of functions
///   254 n   251 keys expiring  database n begins, or goes on: entries of a snapshot come in no order
///   [252 expiry] [248 idle | 249 frequency] form key value [250 galley-stream extras]
///   255 checksum
/// </code>
/// </summary>
internal sealed partial class RdbFileWriter
{
    private const int NoDatabase = -1;

    private readonly ServerContext _server;
    private readonly RdbWriter _writer;
    private readonly IRdbFile _output;
    private readonly HashSet<int> _begun = [];
    private int _database = NoDatabase;

    public RdbFileWriter(ServerContext server, IRdbFile output)
    {
        _server = server;
        _output = output;
        _target = new TargetedOutput { Target = _output };
        _writer = new RdbWriter(server.Settings, _target);
    }

    /// <summary>Entries written so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Writes what comes before the keys. From here on the keyspace is told of as it is now.</summary>
    /// <param name="isLogBase">The file is the base of the append-only file.</param>
    public void Begin(bool isLogBase)
    {
        int version = HasExpiringFields() ? RdbVersion.WithFieldExpiry : RdbVersion.Plain;
        _writer.Raw(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"REDIS{version:D4}")));
        Auxiliary("redis-ver", ServerVersion.Redis);
        Auxiliary("redis-bits", "64");
        Auxiliary("ctime", Number(_server.Databases.Clock.NowMs / 1000));
        Auxiliary("used-mem", Number(_server.Databases.Arena.UsedBytes));
        Auxiliary("aof-base", isLogBase ? "1" : "0");
        foreach (byte[] library in _server.Scripting.Libraries)
        {
            Opcode(RdbOpcode.Function);
            _writer.String(library);
        }
    }

    public void Write(int databaseId, in SnapshotEntry entry)
    {
        WriteTo(IsHolding ? Later : _output);
        if (databaseId != _database) Select(databaseId);
        WriteHead(in entry);
        if (!TryDefer(in entry)) WriteFrom(_writer, in entry);
        Entries++;
        if (StreamExtras.IsNeeded(in entry)) WriteExtras(in entry);
    }

    /// <summary>Writes an entry from its form on: its key and its value.</summary>
    public static void WriteFrom(RdbWriter writer, in SnapshotEntry entry)
    {
        WriteKey(writer, in entry);
        RdbValue.Write(writer, in entry);
    }

    /// <summary>What waits for its turn waits as bytes.</summary>
    private bool TryDefer(in SnapshotEntry entry)
    {
        if (_target.Target != _output || !entry.IsTogether) return false;
        _writer.Flush();
        return _output.TryDefer(in entry);
    }

    private static void WriteKey(RdbWriter writer, in SnapshotEntry entry)
    {
        writer.Byte((byte)RdbValue.FormOf(in entry));
        writer.String(entry.Key);
    }

    /// <summary>What comes before an entry's form.</summary>
    private void WriteHead(in SnapshotEntry entry)
    {
        if (entry.ExpiresAtMs >= 0)
        {
            Opcode(RdbOpcode.ExpiryMs);
            _writer.Int64(entry.ExpiresAtMs);
        }
        WriteUse(in entry);
    }

    /// <summary>What the oldest form that others read has no place for.</summary>
    private void WriteExtras(in SnapshotEntry entry)
    {
        var extras = new RdbWriter(_server.Settings);
        StreamExtras.Write(extras, in entry);
        Opcode(RdbOpcode.Auxiliary);
        _writer.String(StreamExtras.FieldName);
        _writer.String(extras.Written);
    }

    /// <summary>Hands on what has gathered; a piece is handed on by itself when it is long enough.</summary>
    public void Flush() => _writer.Flush();

    public void End()
    {
        WriteTo(_output);
        Opcode(RdbOpcode.End);
        _writer.Flush();
        _output.End();
    }

    private bool HasExpiringFields()
    {
        for (int id = 0; id < _server.Databases.Count; id++)
            if (_server.Databases[id].ExpiringHashCount > 0) return true;
        return false;
    }

    private void Select(int databaseId)
    {
        _database = databaseId;
        Opcode(RdbOpcode.SelectDatabase);
        _writer.Length(databaseId);
        if (!_begun.Add(databaseId)) return;
        Opcode(RdbOpcode.ResizeDatabase);
        _writer.Length(_server.Databases[databaseId].Count);
        _writer.Length(_server.Databases[databaseId].ExpiringCount);
    }

    /// <summary>Only what the policy of eviction asks for is worth its bytes.</summary>
    private void WriteUse(in SnapshotEntry entry)
    {
        KeyspaceClock clock = _server.Databases.Clock;
        if (clock.CountsUses)
        {
            Opcode(RdbOpcode.Frequency);
            _writer.Byte((byte)clock.DecayedCounter(entry.Use));
        }
        else if (EvictionRule.Of(_server.Settings.MaxMemoryPolicy).Ranking == Ranking.Age)
        {
            Opcode(RdbOpcode.Idle);
            _writer.Length(clock.IdleSeconds(entry.Use));
        }
    }

    private void Auxiliary(string name, string value)
    {
        Opcode(RdbOpcode.Auxiliary);
        _writer.String(Encoding.ASCII.GetBytes(name));
        _writer.String(Encoding.ASCII.GetBytes(value));
    }

    private void Opcode(RdbOpcode opcode) => _writer.Byte((byte)opcode);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
