using System.Buffers.Binary;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Writes values as MessagePack, each in the shortest form; what has no form is nil.</summary>
internal sealed class MessagePackWriter(LuaState state, ByteBuilder bytes)
{
    private const int DepthMax = 16;
    private const int StepsBetweenTicks = 256;

    private int _steps;

    /// <summary>Writes a value that lies in so many tables; tables in too many are nil, so that a table within itself has an end.</summary>
    internal void Write(LuaValue value, int depth)
    {
        if (++_steps % StepsBetweenTicks == 0) state.Tick(StepsBetweenTicks);
        switch (value.Type)
        {
            case LuaType.String:
                WriteString(value.AsString!.Span);
                break;
            case LuaType.Boolean:
                bytes.Add(value.IsTrue ? (byte)0xC3 : (byte)0xC2);
                break;
            case LuaType.Number:
                WriteNumber(value.AsNumber);
                break;
            case LuaType.Table when depth < DepthMax:
                WriteTable(value.AsTable!, depth);
                break;
            default:
                bytes.Add(0xC0);
                break;
        }
    }

    private void WriteNumber(double value)
    {
        long integer = CCast.ToInt64(value);
        if (integer == value) WriteInteger(integer);
        else if (value == (float)value) BinaryPrimitives.WriteSingleBigEndian(Start(0xCA, sizeof(float)), (float)value);
        else BinaryPrimitives.WriteDoubleBigEndian(Start(0xCB, sizeof(double)), value);
    }

    private void WriteInteger(long value)
    {
        switch (value)
        {
            case >= -32 and <= 127: bytes.Add((byte)value); break;
            case >= 0 and <= byte.MaxValue: Start(0xCC, 1)[0] = (byte)value; break;
            case >= 0 and <= ushort.MaxValue: BinaryPrimitives.WriteUInt16BigEndian(Start(0xCD, sizeof(ushort)), (ushort)value); break;
            case >= 0 and <= uint.MaxValue: BinaryPrimitives.WriteUInt32BigEndian(Start(0xCE, sizeof(uint)), (uint)value); break;
            case >= 0: BinaryPrimitives.WriteInt64BigEndian(Start(0xCF, sizeof(long)), value); break;
            case >= sbyte.MinValue: Start(0xD0, 1)[0] = (byte)value; break;
            case >= short.MinValue: BinaryPrimitives.WriteInt16BigEndian(Start(0xD1, sizeof(short)), (short)value); break;
            case >= int.MinValue: BinaryPrimitives.WriteInt32BigEndian(Start(0xD2, sizeof(int)), (int)value); break;
            default: BinaryPrimitives.WriteInt64BigEndian(Start(0xD3, sizeof(long)), value); break;
        }
    }

    private void WriteString(ReadOnlySpan<byte> value)
    {
        if (value.Length is > 31 and <= byte.MaxValue) Start(0xD9, 1)[0] = (byte)value.Length;
        else WriteLength(value.Length, 0xA0, 31, 0xDA);
        bytes.Add(value);
    }

    private void WriteTable(LuaTable table, int depth)
    {
        LuaValue key = LuaValue.Nil;
        double highest = 0;
        int count = 0;
        bool isArray = true;
        for (; table.TryNext(ref key, out _); count++)
        {
            isArray = isArray && key.IsNumber && key.AsNumber > 0 && key.AsNumber == Math.Floor(key.AsNumber);
            highest = Math.Max(highest, key.IsNumber ? key.AsNumber : 0);
            if (++_steps % StepsBetweenTicks == 0) state.Tick(StepsBetweenTicks);
        }

        if (isArray && highest == count)
        {
            WriteLength(count, 0x90, 15, 0xDC);
            for (int i = 1; i <= count; i++) Write(table.Get(i), depth + 1);
            return;
        }
        WriteLength(count, 0x80, 15, 0xDE);
        key = LuaValue.Nil;
        while (table.TryNext(ref key, out LuaValue value))
        {
            Write(key, depth + 1);
            Write(value, depth + 1);
        }
    }

    // A short length is in the first byte; others follow a mark in two bytes, or the next mark in four.
    private void WriteLength(int length, byte shortMark, int shortMax, byte mark)
    {
        if (length <= shortMax) bytes.Add((byte)(shortMark | length));
        else if (length <= ushort.MaxValue) BinaryPrimitives.WriteUInt16BigEndian(Start(mark, sizeof(ushort)), (ushort)length);
        else BinaryPrimitives.WriteInt32BigEndian(Start((byte)(mark + 1), sizeof(int)), length);
    }

    private Span<byte> Start(byte mark, int length)
    {
        bytes.Add(mark);
        return bytes.Take(length);
    }
}
