namespace Galley.Store.Scripting.Lua.Libraries;

public static partial class StringLibrary
{
    private const int FlagsMax = 5;

    // A string of as many bytes is added as it is where no precision cuts it; a shorter one goes through printf, up to its NUL.
    private const int WholeStringBytesMin = 100;

    private static ReadOnlySpan<byte> FlagLetters => "-+ #0"u8;

    private static void Format(ref NativeCall call)
    {
        ReadOnlySpan<byte> format = call.CheckString(0).Span;
        using var text = new ByteBuilder(call.State);
        int argument = 0;
        while (format.IndexOf((byte)'%') is var at and >= 0)
        {
            text.Add(format[..at]);
            format = format[(at + 1)..];
            if (format.StartsWith((byte)'%'))
            {
                text.Add((byte)'%');
                format = format[1..];
                continue;
            }
            if (++argument >= call.Count) throw call.BadArgument(argument, "no value");
            PrintfSpecification form = ReadSpecification(call, ref format);
            AddConverted(call, text, form, argument);
        }
        text.Add(format);
        call.Return(text.ToLuaString());
    }

    // [-+ #0]{0,5} [digits{0,2}] [. digits{0,2}] letter
    private static PrintfSpecification ReadSpecification(in NativeCall call, ref ReadOnlySpan<byte> format)
    {
        int flagCount = format.IndexOfAnyExcept(FlagLetters);
        if (flagCount < 0) flagCount = format.Length;
        if (flagCount > FlagsMax) throw call.Error("invalid format (repeated flags)");
        PrintfFlags flags = PrintfFlags.None;
        foreach (byte c in format[..flagCount])
        {
            flags |= c switch
            {
                (byte)'-' => PrintfFlags.Left,
                (byte)'+' => PrintfFlags.Plus,
                (byte)' ' => PrintfFlags.Space,
                (byte)'#' => PrintfFlags.Alternate,
                _ => PrintfFlags.Zero,
            };
        }
        format = format[flagCount..];

        int width = ReadTwoDigits(ref format);
        int precision = -1;
        if (format.StartsWith((byte)'.'))
        {
            format = format[1..];
            precision = ReadTwoDigits(ref format);
        }
        if (!format.IsEmpty && char.IsAsciiDigit((char)format[0])) throw call.Error("invalid format (width or precision too long)");

        byte conversion = format.IsEmpty ? (byte)0 : format[0];
        format = format[Math.Min(1, format.Length)..];
        return new PrintfSpecification(conversion, flags, width, precision);
    }

    private static int ReadTwoDigits(ref ReadOnlySpan<byte> format)
    {
        int value = 0;
        for (int i = 0; i < 2 && !format.IsEmpty && char.IsAsciiDigit((char)format[0]); i++)
        {
            value = (value * 10) + format[0] - '0';
            format = format[1..];
        }
        return value;
    }

    private static void AddConverted(in NativeCall call, ByteBuilder text, in PrintfSpecification form, int argument)
    {
        switch (form.Conversion)
        {
            case (byte)'c':
                AddCharacter(text, form, (byte)CCast.ToInt32(call.CheckNumber(argument)));
                break;
            case (byte)'d' or (byte)'i':
                PrintfNumber.AddSigned(text, form, CCast.ToInt64(call.CheckNumber(argument)));
                break;
            case (byte)'u' or (byte)'o' or (byte)'x' or (byte)'X':
                PrintfNumber.AddUnsigned(text, form, CCast.ToUInt64(call.CheckNumber(argument)));
                break;
            case (byte)'e' or (byte)'E' or (byte)'f' or (byte)'g' or (byte)'G':
                PrintfNumber.AddDouble(text, form, call.CheckNumber(argument));
                break;
            case (byte)'q':
                AddQuoted(text, call.CheckString(argument).Span);
                break;
            case (byte)'s':
                ReadOnlySpan<byte> value = call.CheckString(argument).Span;
                if (form.Precision < 0 && value.Length >= WholeStringBytesMin)
                {
                    text.Add(value);
                    break;
                }
                value = PatternMatcher.UpToNul(value);
                if (form.Precision >= 0 && value.Length > form.Precision) value = value[..form.Precision];
                form.AddPadded(text, [], value, mayZero: false);
                break;
            default:
                throw call.Error($"invalid option '%{(form.Conversion == 0 ? "" : ((char)form.Conversion).ToString())}' to 'format'");
        }
    }

    // A NUL ends what C has printed.
    private static void AddCharacter(ByteBuilder text, in PrintfSpecification form, byte c)
    {
        int start = text.Length;
        form.AddPadded(text, [], [c], mayZero: false);
        int end = text.Written[start..].IndexOf((byte)0);
        if (end >= 0) text.CutTo(start + end);
    }

    // A literal that Lua reads back.
    private static void AddQuoted(ByteBuilder text, ReadOnlySpan<byte> value)
    {
        text.Add((byte)'"');
        foreach (byte c in value)
        {
            switch (c)
            {
                case (byte)'"' or (byte)'\\' or (byte)'\n':
                    text.Add((byte)'\\');
                    text.Add(c);
                    break;
                case (byte)'\r':
                    text.Add("\\r"u8);
                    break;
                case 0:
                    text.Add("\\000"u8);
                    break;
                default:
                    text.Add(c);
                    break;
            }
        }
        text.Add((byte)'"');
    }
}
