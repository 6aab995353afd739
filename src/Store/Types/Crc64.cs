using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Galley.Store.Types;

/// <summary>
/// The checksum of RDB files and DUMP payloads: CRC-64 of Jones, bits reversed, from 0 on. Eight bytes a step by eight
/// tables of 2 KiB ("slicing by 8"), about ten times as fast as a byte a step.
/// </summary>
public static class Crc64
{
    /// <summary>The polynomial 0xad93d23594c935a9, its bits reversed.</summary>
    private const ulong Polynomial = 0x95ac9329ac4bc9b5;

    private const int BytesPerStep = sizeof(ulong);
    private const int ByteValues = 256;

    /// <summary>One table after another: the k-th says what a byte does to a checksum that k more bytes follow.</summary>
    private static readonly ulong[] Tables = MakeTables();

    /// <summary>The checksum of what had one (0: nothing yet), and of these bytes behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Append(ulong checksum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> tables = Tables;
        while (bytes.Length >= BytesPerStep)
        {
            checksum ^= BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            checksum = tables[(7 * ByteValues) + (byte)checksum]
                ^ tables[(6 * ByteValues) + (byte)(checksum >> 8)]
                ^ tables[(5 * ByteValues) + (byte)(checksum >> 16)]
                ^ tables[(4 * ByteValues) + (byte)(checksum >> 24)]
                ^ tables[(3 * ByteValues) + (byte)(checksum >> 32)]
                ^ tables[(2 * ByteValues) + (byte)(checksum >> 40)]
                ^ tables[ByteValues + (byte)(checksum >> 48)]
                ^ tables[(byte)(checksum >> 56)];
            bytes = bytes[BytesPerStep..];
        }
        foreach (byte value in bytes) checksum = tables[(byte)(checksum ^ value)] ^ (checksum >> 8);
        return checksum;
    }

    private static ulong[] MakeTables()
    {
        var tables = new ulong[BytesPerStep * ByteValues];
        for (int value = 0; value < ByteValues; value++)
        {
            ulong checksum = (ulong)value;
            for (int bit = 0; bit < 8; bit++) checksum = (checksum >> 1) ^ ((checksum & 1) * Polynomial);
            tables[value] = checksum;
        }
        for (int at = ByteValues; at < tables.Length; at++)
        {
            ulong before = tables[at - ByteValues];
            tables[at] = tables[(byte)before] ^ (before >> 8);
        }
        return tables;
    }
}
