namespace Galley.Store.Scripting.Lua.Libraries;

public static partial class StringLibrary
{
    private static void GlobalSubstitute(ref NativeCall call)
    {
        LuaString subject = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        int countMax = Library.OptionalInt(call, 3, subject.Length + 1);
        LuaValue replacement = call[2];
        if (replacement.Type is not (LuaType.Number or LuaType.String or LuaType.Function or LuaType.Table))
            throw call.BadArgument(2, "string/function/table expected");
        LuaString? template = replacement.Type is LuaType.Number or LuaType.String ? call.CheckString(2) : null;

        using var text = new ByteBuilder(call.State);
        var matcher = new PatternMatcher(call.State, subject.Span, pattern.Span);
        bool isAnchored = pattern.Span.StartsWith((byte)'^');
        int start = 0;
        int count = 0;
        while (count < countMax)
        {
            int end = matcher.MatchAt(start, isAnchored ? 1 : 0);
            if (end != PatternMatcher.NoMatch)
            {
                count++;
                if (template is not null) AddTemplate(text, template.Span, in matcher, start, end);
                else AddValue(in call, text, replacement, subject.Span, in matcher, start, end);
            }
            if (end > start) start = end;
            else if (start < subject.Length) text.Add(subject.Span[start++]);
            else break;
            if (isAnchored) break;
        }
        if (start < subject.Length) text.Add(subject.Span[start..]);
        call.Return(count == 0 ? subject : text.ToLuaString());
        call.Return(count);
    }

    // %1 is a capture, %0 the match, and % before anything else the thing itself: at the end that is the NUL of C.
    private static void AddTemplate(ByteBuilder text, ReadOnlySpan<byte> template, in PatternMatcher matcher, int start, int end)
    {
        while (template.IndexOf((byte)'%') is var at and >= 0)
        {
            text.Add(template[..at]);
            byte c = at + 1 < template.Length ? template[at + 1] : (byte)0;
            template = template[Math.Min(at + 2, template.Length)..];
            if (!char.IsAsciiDigit((char)c))
            {
                text.Add(c);
                continue;
            }
            // Each capture is taken as it is said, so that one that does not exist is refused only where it is said.
            ReadOnlySpan<byte> capture = matcher.Said(c, start, end, out int position);
            if (position >= 0) PrintfNumber.AddInteger(text, position + 1);
            else text.Add(capture);
        }
        text.Add(template);
    }

    private static void AddValue(
        in NativeCall call, ByteBuilder text, LuaValue replacement, ReadOnlySpan<byte> subject, in PatternMatcher matcher, int start, int end)
    {
        LuaValue value;
        if (replacement.Type == LuaType.Table)
        {
            value = call.State.Index(replacement, matcher.Capture(0, start, end));
        }
        else
        {
            LuaValue[] captures = new LuaValue[matcher.ResultCount];
            for (int i = 0; i < captures.Length; i++) captures[i] = matcher.Capture(i, start, end);
            ReadOnlySpan<LuaValue> results = call.Call(replacement, captures);
            value = results.IsEmpty ? LuaValue.Nil : results[0];
        }

        if (!value.IsTrue) text.Add(subject[start..end]);
        else if (value.IsNumber || value.AsString is not null) text.Add(call.State.ToText(value).Span);
        else throw call.Error($"invalid replacement value (a {LuaState.NameOf(value.Type)})");
    }
}
