using System.Buffers.Binary;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Rdb;

/// <summary>A file that is encoded where its entries are met. Its checksum is 0, which says that there is none, with <c>rdbchecksum no</c>.</summary>
internal sealed class ChecksummedFile(IRdbOutput output, bool isOn) : IRdbFile
{
    private ulong _checksum;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (isOn) _checksum = Crc64.Append(_checksum, bytes);
        output.Write(bytes);
    }

    public bool TryDefer(in SnapshotEntry entry) => false;

    public void End()
    {
        Span<byte> checksum = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(checksum, _checksum);
        output.Write(checksum);
    }
}
