using System.Buffers.Binary;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Persistence.Files;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Rdb;

/// <summary>Makes the bytes of a file from its parts (<see cref="RdbParts"/>). On one thread, which need not hold the gate.</summary>
internal sealed class RdbComposer(Settings settings) : IComposer
{
    private readonly RdbWriter _writer = new(settings);

    /// <summary>Those that asked for none keep it, whatever is set meanwhile.</summary>
    private readonly bool _hasChecksum = settings.RdbChecksum;

    private readonly byte[] _cut = new byte[2 * RdbParts.PartBytesMax];
    private int _cutLength;
    private ulong _checksum;

    public ReadOnlySpan<byte> Compose(ReadOnlySpan<byte> parts)
    {
        _writer.Clear();
        int summed = 0;
        while (!parts.IsEmpty)
        {
            // A part that was cut is put together in a room of its own, in which what follows it finds place too.
            int taken = Math.Min(parts.Length, _cut.Length - _cutLength);
            ReadOnlySpan<byte> together = parts;
            if (_cutLength > 0)
            {
                parts[..taken].CopyTo(_cut.AsSpan(_cutLength));
                together = _cut.AsSpan(0, _cutLength + taken);
                parts = parts[taken..];
            }
            else parts = [];
            while (TryTake(ref together, ref summed)) { }
            together.CopyTo(_cut);
            _cutLength = together.Length;
        }
        Sum(ref summed);
        return _writer.Written;
    }

    private bool TryTake(scoped ref ReadOnlySpan<byte> parts, scoped ref int summed)
    {
        if (parts.Length < RdbParts.HeadBytes) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(parts[1..]);
        switch (parts[0])
        {
            case RdbParts.Bytes:
                if (parts.Length - RdbParts.HeadBytes < length) return false;
                _writer.Raw(parts.Slice(RdbParts.HeadBytes, length));
                parts = parts[(RdbParts.HeadBytes + length)..];
                return true;
            case RdbParts.Last:
                Sum(ref summed);
                _writer.UInt64(_checksum);
                summed = _writer.Written.Length;
                parts = parts[RdbParts.HeadBytes..];
                return true;
            default:
                return TryTakeEntry((KeyType)(parts[0] - RdbParts.FirstEntry), length, ref parts);
        }
    }

    private bool TryTakeEntry(KeyType type, int keyLength, scoped ref ReadOnlySpan<byte> parts)
    {
        if (parts.Length < RdbParts.EntryHeadBytes) return false;
        int length = RdbParts.EntryHeadBytes + keyLength + BinaryPrimitives.ReadInt32LittleEndian(parts[RdbParts.HeadBytes..]);
        if (parts.Length < length) return false;
        ReadOnlySpan<byte> key = parts.Slice(RdbParts.EntryHeadBytes, keyLength);
        var entry = new SnapshotEntry(type, key, parts[(RdbParts.EntryHeadBytes + keyLength)..length]);
        RdbFileWriter.WriteFrom(_writer, in entry);
        parts = parts[length..];
        return true;
    }

    /// <summary>Counts what has been written since the last time into the checksum.</summary>
    private void Sum(scoped ref int summed)
    {
        if (_hasChecksum) _checksum = Crc64.Append(_checksum, _writer.Written[summed..]);
        summed = _writer.Written.Length;
    }
}
