using System.Buffers.Binary;
using System.Text;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Rdb;

/// <summary>A payload of RESTORE, made byte by byte from the description of the format.</summary>
internal sealed class Payload
{
    private readonly List<byte> _bytes = [];

    public Payload(RdbForm form) => _bytes.Add((byte)form);

    public Payload Bytes(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A length up to 16,383.</summary>
    public Payload Length(int length) => length < 64 ? Bytes((byte)length) : Bytes((byte)(0x40 | (length >> 8)), (byte)length);

    public Payload String(string text) => String(Encoding.Latin1.GetBytes(text));

    public Payload String(ReadOnlySpan<byte> text)
    {
        Length(text.Length);
        return Bytes(text);
    }

    public Payload Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    /// <summary>The payload with its version and checksum, as text of single bytes.</summary>
    public string Seal(int version = 10) => Sealed([.. _bytes], version);

    /// <summary>The same of any bytes.</summary>
    public static string Sealed(ReadOnlySpan<byte> body, int version)
    {
        var sealed_ = new byte[body.Length + 10];
        body.CopyTo(sealed_);
        BinaryPrimitives.WriteUInt16LittleEndian(sealed_.AsSpan(body.Length), (ushort)version);
        BinaryPrimitives.WriteUInt64LittleEndian(sealed_.AsSpan(body.Length + 2), Crc64.Append(0, sealed_.AsSpan(0, body.Length + 2)));
        return Encoding.Latin1.GetString(sealed_);
    }

    /// <summary>A listpack of these elements.</summary>
    public static byte[] ListPackOf(params ReadOnlySpan<string> elements)
    {
        var pack = new byte[1 << 20];
        int length = 6;
        foreach (string element in elements) length += ListPack.Write(pack.AsSpan(length), Encoding.Latin1.GetBytes(element));
        BinaryPrimitives.WriteInt32LittleEndian(pack, length + 1);
        BinaryPrimitives.WriteUInt16LittleEndian(pack.AsSpan(4), (ushort)elements.Length);
        pack[length] = 0xFF;
        return pack[..(length + 1)];
    }

    /// <summary>A ziplist of these elements, each given as its kind and what follows.</summary>
    public static byte[] ZipListOf(params ReadOnlySpan<byte[]> elements)
    {
        var list = new List<byte>(new byte[10]);
        int before = 0, last = 10;
        foreach (byte[] element in elements)
        {
            last = list.Count;
            if (before < 254) list.Add((byte)before);
            else list.AddRange([254, (byte)before, (byte)(before >> 8), 0, 0]);
            list.AddRange(element);
            before = list.Count - last;
        }
        list.Add(0xFF);
        byte[] bytes = [.. list];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), last);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)elements.Length);
        return bytes;
    }

    /// <summary>A text of a ziplist, as one of its elements.</summary>
    public static byte[] ZipText(string text) => text.Length < 64
        ? [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)]
        : [(byte)(0x40 | (text.Length >> 8)), (byte)text.Length, .. Encoding.Latin1.GetBytes(text)];
}
