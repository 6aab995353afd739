using System.Buffers.Binary;
using Galley.Store.Types;

namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// What DUMP replies and RESTORE takes:
/// <code>
///   | form 1 | value ... | version 2 | checksum of all before 8 |       little-endian
/// </code>
/// </summary>
internal static class DumpPayload
{
    private const int FooterBytes = sizeof(ushort) + sizeof(ulong);

    /// <summary>Writes the value of an entry.</summary>
    public static void Write(RdbWriter writer, in SnapshotEntry entry)
    {
        RdbForm form = RdbValue.FormOf(in entry);
        writer.Byte((byte)form);
        RdbValue.Write(writer, in entry);
        Seal(writer, RdbValue.VersionOf(form));
    }

    /// <summary>Ends a payload.</summary>
    public static void Seal(RdbWriter writer, int version)
    {
        writer.UInt16((ushort)version);
        writer.UInt64(Crc64.Append(0, writer.Written));
    }

    /// <summary>What stands before the end of a whole payload.</summary>
    public static RdbReader Open(ReadOnlySpan<byte> payload) => new(payload[..^FooterBytes], VersionOf(payload));

    /// <summary>Looks at the end: false where nobody wrote such a payload, or nobody whom Galley knows.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> payload, bool skipsChecksum)
    {
        if (payload.Length < FooterBytes) return false;
        if (!RdbVersion.IsReadable(VersionOf(payload))) return false;
        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(payload[^sizeof(ulong)..]);
        return skipsChecksum || checksum == Crc64.Append(0, payload[..^sizeof(ulong)]);
    }

    /// <summary>Reads the value of a whole payload and gives it to a key, which is absent.</summary>
    /// <exception cref="RdbException">It is no value; part of it may be there.</exception>
    public static void Read(ReadOnlySpan<byte> payload, ref Key key)
    {
        RdbReader reader = Open(payload);
        RdbValue.Read(ref reader, (RdbForm)reader.ReadByte(), ref key, Database.NoExpiry);
    }

    private static int VersionOf(ReadOnlySpan<byte> payload) => BinaryPrimitives.ReadUInt16LittleEndian(payload[^FooterBytes..]);
}
