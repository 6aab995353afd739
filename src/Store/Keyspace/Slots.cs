namespace Galley.Store.Keyspace;

/// <summary>Redis Cluster's 16,384 hash slots: CRC16 (XMODEM) of the key, or of what its first braces hold.</summary>
internal static class Slots
{
    public const int Count = 16384;

    private static readonly ushort[] Crc = MakeTable();

    public static int Of(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> tag = HashTag(key);
        uint crc = 0;
        foreach (byte b in tag) crc = ((crc << 8) ^ Crc[((crc >> 8) ^ b) & 0xFF]) & 0xFFFF;
        return (int)(crc & (Count - 1));
    }

    private static ReadOnlySpan<byte> HashTag(ReadOnlySpan<byte> key)
    {
        int open = key.IndexOf((byte)'{');
        if (open < 0) return key;
        ReadOnlySpan<byte> rest = key[(open + 1)..];
        int close = rest.IndexOf((byte)'}');
        return close <= 0 ? key : rest[..close];
    }

    private static ushort[] MakeTable()
    {
        const ushort Polynomial = 0x1021;
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
