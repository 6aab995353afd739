namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Integers of any number of bytes, as the library struct holds them: 64 bits of them count.</summary>
internal static class StructInteger
{
    private const int BitsOfByte = 8;
    private const int BitsMax = 64;

    /// <summary>Writes a number, cut as C cuts it.</summary>
    internal static void Write(double number, Span<byte> bytes, bool isLittleEndian)
    {
        ulong value = number < 0 ? unchecked((ulong)CCast.ToInt64(number)) : CCast.ToUInt64(number);
        for (int i = 0; i < bytes.Length; i++, value >>= BitsOfByte) bytes[isLittleEndian ? i : bytes.Length - 1 - i] = (byte)value;
    }

    /// <summary>Reads a number from 0 on.</summary>
    internal static double ReadUnsigned(ReadOnlySpan<byte> bytes, bool isLittleEndian) => Read(bytes, isLittleEndian);

    /// <summary>Reads a number with a sign. Beyond 64 bits the sign is sought where the processor's shift finds it.</summary>
    internal static double ReadSigned(ReadOnlySpan<byte> bytes, bool isLittleEndian)
    {
        ulong value = Read(bytes, isLittleEndian);
        ulong mask = ulong.MaxValue << (((bytes.Length * BitsOfByte) - 1) & (BitsMax - 1));
        return (long)((value & mask) != 0 ? value | mask : value);
    }

    private static ulong Read(ReadOnlySpan<byte> bytes, bool isLittleEndian)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++) value = (value << BitsOfByte) | bytes[isLittleEndian ? bytes.Length - 1 - i : i];
        return value;
    }
}
