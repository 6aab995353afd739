using System.Buffers.Binary;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The library <c>struct</c> of redis-server: values to the bytes of C's structs and back.</summary>
public static class StructLibrary
{
    private const int StepsBetweenTicks = 256;

    /// <summary>Adds the library to a state's globals.</summary>
    public static LuaTable Open(LuaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        LuaTable library = Library.Open(state, "struct");
        Library.Add(library, "pack", Pack);
        Library.Add(library, "unpack", Unpack);
        Library.Add(library, "size", Size);
        return library;
    }

    private static void Pack(ref NativeCall call)
    {
        var format = new StructFormat(call.CheckString(0).Span);
        using var bytes = new ByteBuilder(call.State);
        int argument = 1;
        for (int steps = 1; format.TryRead(bytes.Length, out StructOption option); steps++)
        {
            if (steps % StepsBetweenTicks == 0) call.State.Tick(StepsBetweenTicks);
            bytes.Add(0, option.Padding);
            switch (option.Letter)
            {
                case (byte)'b' or (byte)'B' or (byte)'h' or (byte)'H' or (byte)'l' or (byte)'L' or (byte)'T' or (byte)'i' or (byte)'I':
                    StructInteger.Write(CheckNumber(call, argument++), bytes.Take(option.Size), format.IsLittleEndian);
                    break;
                case (byte)'x':
                    bytes.Add(0);
                    break;
                case (byte)'f':
                    float single = (float)CheckNumber(call, argument++);
                    if (format.IsLittleEndian) BinaryPrimitives.WriteSingleLittleEndian(bytes.Take(sizeof(float)), single);
                    else BinaryPrimitives.WriteSingleBigEndian(bytes.Take(sizeof(float)), single);
                    break;
                case (byte)'d':
                    double number = CheckNumber(call, argument++);
                    if (format.IsLittleEndian) BinaryPrimitives.WriteDoubleLittleEndian(bytes.Take(sizeof(double)), number);
                    else BinaryPrimitives.WriteDoubleBigEndian(bytes.Take(sizeof(double)), number);
                    break;
                case (byte)'c' or (byte)'s':
                    ReadOnlySpan<byte> text = CheckText(call, argument++).Span;
                    int size = option.Size == 0 ? text.Length : option.Size;
                    if (text.Length < size) throw call.BadArgument(argument, "string too short"); // The one behind is blamed.
                    bytes.Add(text[..size]);
                    if (option.Letter == 's') bytes.Add(0);
                    break;
                default:
                    format.Control(option.Letter);
                    break;
            }
        }
        call.Return(bytes.ToLuaString());
    }

    private static void Unpack(ref NativeCall call)
    {
        var format = new StructFormat(call.CheckString(0).Span);
        ReadOnlySpan<byte> data = call.CheckString(1).Span;
        long position = call.OptionalInteger(2, 1) - 1;
        if (position == -1) throw call.BadArgument(2, "offset must be 1 or greater");
        var values = new List<LuaValue>();
        while (format.TryRead(position, out StructOption option))
        {
            if (values.Count % StepsBetweenTicks == StepsBetweenTicks - 1) call.State.Tick(StepsBetweenTicks);
            position += option.Padding;
            if (position < 0 || position > data.Length || option.Size > data.Length - position) throw call.BadArgument(1, "data string too short");
            if (call.Count + values.Count + 2 > LuaState.HostStackMax) throw call.Error("stack overflow (too many results)");
            int at = (int)position;
            position += option.Size;
            ReadOnlySpan<byte> bytes = data.Slice(at, option.Size);
            switch (option.Letter)
            {
                case (byte)'b' or (byte)'h' or (byte)'l' or (byte)'i':
                    values.Add(StructInteger.ReadSigned(bytes, format.IsLittleEndian));
                    break;
                case (byte)'B' or (byte)'H' or (byte)'L' or (byte)'T' or (byte)'I':
                    values.Add(StructInteger.ReadUnsigned(bytes, format.IsLittleEndian));
                    break;
                case (byte)'x':
                    break;
                case (byte)'f':
                    values.Add(format.IsLittleEndian ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes));
                    break;
                case (byte)'d':
                    values.Add(format.IsLittleEndian ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes));
                    break;
                case (byte)'c' when option.Size == 0:
                    ulong size = TakeSize(call, values);
                    if (size > (ulong)(data.Length - at)) throw call.BadArgument(1, "data string too short");
                    values.Add(call.State.NewString(data.Slice(at, (int)size)));
                    position += (long)size;
                    break;
                case (byte)'c':
                    values.Add(call.State.NewString(bytes));
                    break;
                case (byte)'s':
                    int length = data[at..].IndexOf((byte)0);
                    if (length < 0) throw call.Error("unfinished string in data");
                    values.Add(call.State.NewString(data.Slice(at, length)));
                    position += length + 1;
                    break;
                default:
                    format.Control(option.Letter);
                    break;
            }
        }
        foreach (LuaValue value in values) call.Return(value);
        call.Return(position + 1);
    }

    private static void Size(ref NativeCall call)
    {
        var format = new StructFormat(call.CheckString(0).Span);
        long size = 0;
        while (format.TryRead(size, out StructOption option))
        {
            size += option.Padding + option.Size;
            if (option.Letter == 's') throw call.BadArgument(0, "option 's' has no fixed size");
            if (option.Letter == 'c' && option.Size == 0) throw call.BadArgument(0, "option 'c0' has no fixed size");
            // Letters and digits that mean nothing have no size, and are not refused here.
            if (!char.IsAsciiLetterOrDigit((char)option.Letter)) format.Control(option.Letter);
        }
        call.Return(size);
    }

    // The size of c0 is the value before it, which it takes the place of.
    private static ulong TakeSize(in NativeCall call, List<LuaValue> values)
    {
        if (values.Count == 0) throw call.Error("format 'c0' needs a previous size");
        LuaValue last = values[^1];
        double number = last.AsNumber;
        if (!last.IsNumber && !(last.AsString is { } text && LuaState.TryToNumber(text.Span, out number))) throw call.Error("format 'c0' needs a previous size");
        values.RemoveAt(values.Count - 1);
        return CCast.ToUInt64(number);
    }

    // An argument that is missing is a nil to redis-server, and not "no value".
    private static double CheckNumber(in NativeCall call, int index) =>
        index < call.Count ? call.CheckNumber(index) : throw call.BadArgument(index, "number expected, got nil");

    private static LuaString CheckText(in NativeCall call, int index) =>
        index < call.Count ? call.CheckString(index) : throw call.BadArgument(index, "string expected, got nil");
}
