using System.Globalization;
using System.Text;
using Galley.Store.Commands;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Persistence.Files;

namespace Galley.Store.Persistence.Rdb;

/// <summary>What a file has brought.</summary>
/// <param name="Bytes">How long it was.</param>
/// <param name="Expired">Keys that were left out, because their time had passed.</param>
internal readonly record struct RdbLoadResult(long Bytes, long Keys, long Expired);

/// <summary>Reads RDB files, of all versions, into the keyspace. Whoever loads is in a turn of the gate.</summary>
internal sealed class RdbLoader(ServerContext server, Action<string> log)
{
    private const int MagicBytes = 9;
    private const long ProgressStepBytes = 16 * 1024;

    /// <summary>After so many keys others have their turns, however few of the keys wait.</summary>
    private const int UntoldMax = 64;

    private readonly ServerContext _server = server;
    private readonly Action<string> _log = log;

    /// <summary>Is called after each key, so that others have their turns; null where they wait.</summary>
    public Action? KeyLoaded { get; init; }

    /// <summary>The file is the base of the append-only file: keys whose time has passed stay, for the log says when they go.</summary>
    public bool IsLogBase { get; init; }

    /// <summary>A key that is there gives way; else it is an error.</summary>
    public bool Replaces { get; init; }

    /// <summary>Text that begins like an RDB file.</summary>
    public static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("REDIS"u8) || head.StartsWith("VALKEY"u8);

    /// <summary>Loads the file from its beginning on; the callback hears how many bytes have gone through.</summary>
    /// <exception cref="PersistenceException">It cannot be read, or not be trusted.</exception>
    public RdbLoadResult Load(IFile file, string name, Action<long>? progress = null)
    {
        long offset = 0;
        var input = new RdbInput(Read, file.Length) { IsChecked = _server.Settings.RdbChecksum && !_server.SkipsChecksums };
        var load = new RdbLoad(this, input, progress);
        try
        {
            return load.Run();
        }
        catch (RdbException damage)
        {
            throw new PersistenceException(string.Create(CultureInfo.InvariantCulture,
                $"Can't load the RDB file {name}: {damage.Message}, at offset {load.Position}. "
                + $"Make a copy of it, and see what redis-check-rdb {name} says of it."), damage);
        }
        finally
        {
            _server.Databases.HasNewKey = false;
        }

        int Read(Span<byte> room)
        {
            int read = file.Read(room, offset);
            offset += read;
            return read;
        }
    }

    /// <summary>One file on its way.</summary>
    private sealed class RdbLoad(RdbLoader loader, RdbInput input, Action<long>? progress)
    {
        private readonly ServerContext _server = loader._server;
        private Database _database = loader._server.Databases[0];
        private byte[] _name = [];
        private long _keys;
        private long _expired;
        private long _nextProgress = ProgressStepBytes;
        private PendingKey _pending = PendingKey.None;

        /// <summary>Keys whose values are read and which are in no table yet.</summary>
        private readonly EntryBatch _batch = new();

        /// <summary>Keys that were read since others had their turns.</summary>
        private int _untold;

        /// <summary>How far it came before it failed.</summary>
        public long Position { get; private set; }

        public RdbLoadResult Run()
        {
            var reader = new RdbReader(input, version: 0);
            try
            {
                ReadAll(ref reader);
                return new RdbLoadResult(reader.Position, _keys, _expired);
            }
            finally
            {
                Position = reader.Position;
                _batch.Discard();
            }
        }

        private void ReadAll(ref RdbReader reader)
        {
            reader.Version = ReadVersion(reader.Take(MagicBytes));
            while (true)
            {
                byte kind = reader.ReadByte();
                if (kind == (byte)RdbOpcode.End) break;
                if (kind < (byte)RdbOpcode.KeyMetadata) ReadKey(ref reader, (RdbForm)kind);
                else ReadOpcode(ref reader, (RdbOpcode)kind);
            }
            Flush();
            if (reader.Version >= 5) CheckSum(ref reader);
            progress?.Invoke(reader.Position);
        }

        private static int ReadVersion(ReadOnlySpan<byte> magic)
        {
            int letters = magic.StartsWith("REDIS"u8) ? 5 : magic.StartsWith("VALKEY"u8) ? 6 : 0;
            bool isNumber = int.TryParse(magic[letters..], NumberStyles.None, CultureInfo.InvariantCulture, out int version);
            if (letters == 0 || !isNumber) throw new RdbException("it does not begin like one");
            return RdbVersion.IsReadable(version) ? version : throw new RdbException($"Galley does not know version {version} of the format");
        }

        private void ReadOpcode(ref RdbReader reader, RdbOpcode opcode)
        {
            switch (opcode)
            {
                case RdbOpcode.SelectDatabase: Select(reader.ReadLength()); break;
                case RdbOpcode.ExpiryMs: _pending = _pending with { ExpiresAtMs = reader.ReadInt64() }; break;
                case RdbOpcode.ExpirySeconds: _pending = _pending with { ExpiresAtMs = reader.ReadInt32() * 1000L }; break;
                case RdbOpcode.Idle: _pending = _pending with { IdleSeconds = (long)Math.Min(reader.ReadLength(), long.MaxValue) }; break;
                case RdbOpcode.Frequency: _pending = _pending with { Frequency = reader.ReadByte() }; break;
                case RdbOpcode.Auxiliary: ReadAuxiliary(ref reader); break;
                case RdbOpcode.Function: ReadLibrary(ref reader); break;
                case RdbOpcode.ResizeDatabase: Skip(ref reader, lengths: 2); break;
                case RdbOpcode.SlotInfo: Skip(ref reader, lengths: 3); break;
                case RdbOpcode.ModuleAuxiliary: ModuleData.SkipAuxiliary(ref reader); break;
                default: throw new RdbException($"Galley does not know what {(byte)opcode} announces");
            }
        }

        private void ReadLibrary(ref RdbReader reader)
        {
            byte[] code = reader.ReadString().ToArray();
            if (!_server.Scripting.TryLoadLibrary(code, out string error))
                throw new RdbException($"it has a library of functions that does not load: {error}");
        }

        private void Select(ulong id)
        {
            if (id >= (ulong)_server.Databases.Count)
                throw new RdbException($"it has a database {id}, and there are {_server.Databases.Count} here: see 'databases'");
            _database = _server.Databases[(int)id];
        }

        private static void Skip(ref RdbReader reader, int lengths)
        {
            for (; lengths > 0; lengths--) reader.ReadLength();
        }

        private void ReadAuxiliary(ref RdbReader reader)
        {
            string field = Encoding.Latin1.GetString(reader.ReadString());
            if (field.AsSpan().SequenceEqual(Encoding.Latin1.GetString(StreamExtras.FieldName)))
            {
                Flush();
                StreamExtras.Read(reader.ReadString(), reader.Version, _database);
                return;
            }
            string value = Encoding.Latin1.GetString(reader.ReadString());
            if (field is "redis-ver" or "valkey-ver") loader._log($"Loading RDB produced by version {value}");
        }

        private void ReadKey(ref RdbReader reader, RdbForm form)
        {
            ReadOnlySpan<byte> read = reader.ReadString();
            if (_name.Length < read.Length) _name = new byte[Math.Max(64, read.Length * 2)];
            read.CopyTo(_name);
            ReadOnlySpan<byte> name = _name.AsSpan(0, read.Length);
            PendingKey pending = _pending;
            _pending = PendingKey.None;

            bool isPast = pending.ExpiresAtMs >= 0 && pending.ExpiresAtMs <= _server.Databases.Clock.NowMs && !loader.IsLogBase;
            if (isPast) PassOver(ref reader, form);
            else Add(ref reader, form, name, pending);
            _untold++;
            if (_batch.IsFull || _untold >= UntoldMax) Flush();
            Report(ref reader);
        }

        private void Add(ref RdbReader reader, RdbForm form, ReadOnlySpan<byte> name, PendingKey pending)
        {
            Key key = loader.Replaces ? _database.Open(name) : Key.Beside(_database, name);
            key.Delete();
            try
            {
                if (!TryRead(ref reader, form, ref key, pending.ExpiresAtMs))
                {
                    key.Delete();
                    loader._log($"rdbLoadObject skipping empty key: {PrintedText.Of(name)}");
                    return;
                }
            }
            catch (RdbException)
            {
                // What there is of it already is not the key's value.
                key.Delete();
                throw;
            }
            if (pending.IdleSeconds >= 0) key.SetIdle(pending.IdleSeconds);
            if (pending.Frequency >= 0) key.SetFrequency((byte)pending.Frequency);
            if (!loader.Replaces) _batch.Add(in key);
            _keys++;
        }

        /// <summary>Adds the keys that wait to their tables; then others have their turns.</summary>
        private void Flush()
        {
            if (!_batch.TryFlush())
            {
                Key key = _batch.OpenFirst();
                throw new RdbException($"the key '{PrintedText.Of(key.Name)}' is in database {key.DatabaseId} already");
            }
            for (; _untold > 0; _untold--) loader.KeyLoaded?.Invoke();
        }

        /// <summary>The value has to be read to know where it ends.</summary>
        private void PassOver(ref RdbReader reader, RdbForm form)
        {
            using var draft = new ValueDraft(_server.Databases);
            Key key = draft.Open();
            if (TryRead(ref reader, form, ref key, Database.NoExpiry)) _expired++;
        }

        /// <summary>False where the value is a collection of nothing: some servers have written such, and none has kept it.</summary>
        private static bool TryRead(ref RdbReader reader, RdbForm form, ref Key key, long expiresAtMs)
        {
            try
            {
                RdbValue.Read(ref reader, form, ref key, expiresAtMs);
                return true;
            }
            catch (RdbException nothing) when (nothing.IsEmptyCollection)
            {
                return false;
            }
        }

        private void Report(ref RdbReader reader)
        {
            if (reader.Position < _nextProgress) return;
            _nextProgress = reader.Position + ProgressStepBytes;
            progress?.Invoke(reader.Position);
        }

        private void CheckSum(ref RdbReader reader)
        {
            reader.Settle();
            ulong expected = input.Checksum;
            ulong said = (ulong)reader.ReadInt64();
            if (!input.IsChecked || said == expected) return;
            if (said != 0) throw new RdbException($"its checksum is {said:x}, and should be {expected:x}");
            loader._log("RDB file was saved with checksum disabled: no check performed.");
        }
    }

    /// <summary>What is said of a key before it.</summary>
    private readonly record struct PendingKey(long ExpiresAtMs, long IdleSeconds, int Frequency)
    {
        public static PendingKey None { get; } = new(Database.NoExpiry, -1, -1);
    }
}
