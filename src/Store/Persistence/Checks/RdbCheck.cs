using System.Globalization;
using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Memory;
using Galley.Store.Persistence.Files;
using Galley.Store.Persistence.Rdb;

namespace Galley.Store.Persistence.Checks;

/// <summary>
/// Reads an RDB file from its beginning to its end as a start would, and keeps nothing: each value is made, and dropped
/// before the next, so that a value is found damaged here if loading it would fail.
/// </summary>
internal sealed class RdbCheck(CheckOutput output, RdbInput input, string name, long length, TimeProvider time)
{
    private const int MagicBytes = 9;

    /// <summary>From this version on a file ends with its checksum.</summary>
    private const int ChecksumVersionMin = 5;

    /// <summary>Elements that are freed between two values: all that there were.</summary>
    private const int AllElements = int.MaxValue;

    private readonly long _nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private long _keys;
    private long _expiring;
    private long _expired;
    private long _expiresAtMs = Database.NoExpiry;
    private string _doing = "start";
    private string? _key;
    private int _form = -1;

    /// <summary>Checks a file, and says what it finds. Where a file of commands begins in this form, it ends before they do.</summary>
    /// <param name="end">Where the RDB ends; only where it is whole.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool Run(IFile file, string name, CheckOutput output, TimeProvider time, out long end)
    {
        long offset = 0;
        long length = file.Length;
        int Read(Span<byte> room)
        {
            int read = file.Read(room, offset);
            offset += read;
            return read;
        }
        return new RdbCheck(output, new RdbInput(Read, length), name, length, time).Run(out end);
    }

    private bool Run(out long end)
    {
        output.SayAt(0, $"Checking RDB file {name}");
        var reader = new RdbReader(input, version: 0);
        using var arena = new Arena(Arena.ServerReservationBytes, aheadBytes: 0);
        bool isWhole = TryReadAll(ref reader, new Databases(1, 1, new KeyspaceClock(time), arena, new Settings()));
        end = reader.Position;
        Say("info", $"{_keys} keys read");
        Say("info", $"{_expiring} expires");
        Say("info", $"{_expired} already expired");
        return isWhole;
    }

    private bool TryReadAll(ref RdbReader reader, Databases space)
    {
        try
        {
            ReadAll(ref reader, space);
            output.SayAt(reader.Position, @"\o/ RDB looks OK! \o/");
            return true;
        }
        catch (RdbException damage)
        {
            output.Say("--- RDB ERROR DETECTED ---");
            output.SayAt(reader.Position, damage.IsTruncation ? "Unexpected EOF reading RDB file" : damage.Message);
            Say("additional info", $"While doing: {_doing}");
            if (_key is not null) Say("additional info", $"Reading key '{_key}'");
            if (_form >= 0) Say("additional info", $"Reading type {_form} ({RdbFormNames.Of((RdbForm)_form)})");
            return false;
        }
    }

    private void ReadAll(ref RdbReader reader, Databases space)
    {
        reader.Version = ReadVersion(reader.Take(MagicBytes));
        while (true)
        {
            _doing = "read-type";
            byte kind = reader.ReadByte();
            if (kind == (byte)RdbOpcode.End) break;
            if (kind < (byte)RdbOpcode.KeyMetadata) ReadKey(ref reader, space, kind);
            else ReadOpcode(ref reader, (RdbOpcode)kind);
            output.Progress(name, reader.Position, length);
        }
        if (reader.Version >= ChecksumVersionMin) ReadChecksum(ref reader);
    }

    private static int ReadVersion(ReadOnlySpan<byte> magic)
    {
        int letters = magic.StartsWith("REDIS"u8) ? 5 : magic.StartsWith("VALKEY"u8) ? 6 : 0;
        bool isNumber = int.TryParse(magic[letters..], NumberStyles.None, CultureInfo.InvariantCulture, out int version);
        if (letters == 0 || !isNumber) throw new RdbException("Wrong signature trying to load DB from file");
        return RdbVersion.IsReadable(version) ? version : throw new RdbException($"Can't handle RDB format version {version}");
    }

    private void ReadKey(ref RdbReader reader, Databases space, byte form)
    {
        _form = form;
        _doing = "read-key";
        _key = Encoding.Latin1.GetString(reader.ReadString());
        _keys++;
        _doing = "read-object-value";
        using (var draft = new ValueDraft(space))
        {
            Key key = draft.Open();
            ReadValue(ref reader, ref key, form);
        }
        while (!space.Graveyard.Dig(AllElements)) { }
        space.Arena.EndTurn();
        if (_expiresAtMs >= 0) _expiring++;
        if (_expiresAtMs >= 0 && _expiresAtMs <= _nowMs) _expired++;
        (_expiresAtMs, _key, _form) = (Database.NoExpiry, null, -1);
    }

    /// <summary>A collection of nothing is passed over by who loads it, and is no damage.</summary>
    private static void ReadValue(ref RdbReader reader, ref Key key, byte form)
    {
        try
        {
            RdbValue.Read(ref reader, (RdbForm)form, ref key, Database.NoExpiry);
        }
        catch (RdbException nothing) when (nothing.IsEmptyCollection)
        {
        }
    }

    private void ReadOpcode(ref RdbReader reader, RdbOpcode opcode)
    {
        switch (opcode)
        {
            case RdbOpcode.ExpiryMs:
                _doing = "read-expire";
                _expiresAtMs = reader.ReadInt64();
                break;
            case RdbOpcode.ExpirySeconds:
                _doing = "read-expire";
                _expiresAtMs = reader.ReadInt32() * 1000L;
                break;
            case RdbOpcode.Idle: Skip(ref reader, lengths: 1); break;
            case RdbOpcode.Frequency: reader.ReadByte(); break;
            case RdbOpcode.SelectDatabase:
                ulong id = reader.ReadLength();
                output.SayAt(reader.Position, $"Selecting DB ID {id}");
                break;
            case RdbOpcode.ResizeDatabase: Skip(ref reader, lengths: 2); break;
            case RdbOpcode.SlotInfo: Skip(ref reader, lengths: 3); break;
            case RdbOpcode.Auxiliary: ReadAuxiliary(ref reader); break;
            case RdbOpcode.Function:
                _doing = "read-functions";
                reader.ReadString();
                break;
            case RdbOpcode.ModuleAuxiliary:
                _doing = "read-module-aux";
                ModuleData.SkipAuxiliary(ref reader);
                break;
            default: throw new RdbException($"Invalid object type: {(byte)opcode}");
        }
    }

    private void ReadAuxiliary(ref RdbReader reader)
    {
        _doing = "read-aux";
        string field = Encoding.Latin1.GetString(reader.ReadString());
        string value = Encoding.Latin1.GetString(reader.ReadString());
        output.SayAt(reader.Position, $"AUX FIELD {field} = '{value}'");
    }

    private static void Skip(ref RdbReader reader, int lengths)
    {
        for (; lengths > 0; lengths--) reader.ReadLength();
    }

    private void ReadChecksum(ref RdbReader reader)
    {
        _doing = "check-sum";
        reader.Settle();
        ulong expected = input.Checksum;
        ulong said = (ulong)reader.ReadInt64();
        if (said == 0) output.SayAt(reader.Position, "RDB file was saved with checksum disabled: no check performed.");
        else if (said == expected) output.SayAt(reader.Position, "Checksum OK");
        else throw new RdbException("RDB CRC error");
    }

    private void Say(string kind, string what) => output.Say($"[{kind}] {what}");
}
