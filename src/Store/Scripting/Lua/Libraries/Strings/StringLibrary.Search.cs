using System.Buffers;

namespace Galley.Store.Scripting.Lua.Libraries;

public static partial class StringLibrary
{
    // What makes a pattern of a text; without any of them, find looks for the text as it is.
    private static readonly SearchValues<byte> Specials = SearchValues.Create("^$*+?.([%-"u8);

    private static void Find(ref NativeCall call) => Search(ref call, isFind: true);

    private static void Match(ref NativeCall call) => Search(ref call, isFind: false);

    private static void Search(ref NativeCall call, bool isFind)
    {
        LuaString subject = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        int start = (int)Math.Clamp(FromEnd(call.OptionalInteger(2, 1), subject.Length) - 1, 0, subject.Length);
        if (isFind && (call[3].IsTrue || !PatternMatcher.UpToNul(pattern.Span).ContainsAny(Specials)))
        {
            int found = IndexOf(call.State, subject.Span[start..], pattern.Span);
            if (found < 0)
            {
                call.Return(LuaValue.Nil);
                return;
            }
            call.Return(start + found + 1);
            call.Return(start + found + pattern.Length);
            return;
        }

        var matcher = new PatternMatcher(call.State, subject.Span, pattern.Span);
        bool isAnchored = pattern.Span.StartsWith((byte)'^');
        do
        {
            int end = matcher.MatchAt(start, isAnchored ? 1 : 0);
            if (end == PatternMatcher.NoMatch) continue;
            if (isFind)
            {
                call.Return(start + 1);
                call.Return(end);
            }
            int count = isFind ? matcher.CaptureCount : matcher.ResultCount;
            for (int i = 0; i < count; i++) call.Return(matcher.Capture(i, start, end));
            return;
        }
        while (start++ < subject.Length && !isAnchored);
        call.Return(LuaValue.Nil);
    }

    private static void GlobalMatch(ref NativeCall call)
    {
        LuaString subject = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        int next = 0;
        call.State.Budget.Charge(NativeFunction.OverheadBytes);
        call.Return(Library.Function("gmatch_aux", (ref NativeCall step) =>
        {
            var matcher = new PatternMatcher(step.State, subject.Span, pattern.Span);
            for (int start = next; start <= subject.Length; start++)
            {
                int end = matcher.MatchAt(start, 0);
                if (end == PatternMatcher.NoMatch) continue;
                // An empty match moves on by one, or the loop would never end.
                next = end == start ? end + 1 : end;
                for (int i = 0; i < matcher.ResultCount; i++) step.Return(matcher.Capture(i, start, end));
                return;
            }
            next = subject.Length + 1;
        }, subject, pattern));
    }

    // In windows, so that a text that nearly matches everywhere can be stopped.
    private static int IndexOf(LuaState state, ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        const int WorkMax = 1 << 20;
        if (part.Length <= 1) return text.IndexOf(part);
        int window = Math.Max(WorkMax / part.Length, 64);
        for (int start = 0; start + part.Length <= text.Length; start += window)
        {
            int found = text.Slice(start, Math.Min(window + part.Length - 1, text.Length - start)).IndexOf(part);
            if (found >= 0) return start + found;
            state.Tick(Math.Min(WorkMax, text.Length) / BytesPerTick);
        }
        return -1;
    }
}
