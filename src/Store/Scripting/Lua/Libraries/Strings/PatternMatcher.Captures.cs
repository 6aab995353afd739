namespace Galley.Store.Scripting.Lua.Libraries;

internal ref partial struct PatternMatcher
{
    /// <summary>A capture as a value; the whole match is capture 0 of a pattern without captures.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="start">Where the match begins.</param>
    /// <param name="end">Where it ends.</param>
    internal readonly LuaValue Capture(int index, int start, int end)
    {
        ReadOnlySpan<byte> text = CaptureText(index, start, end, out int position);
        return position >= 0 ? position + 1 : _state.NewString(text);
    }

    /// <summary>What a digit behind % stands for in a template: 0 is the whole match.</summary>
    internal readonly ReadOnlySpan<byte> Said(byte digit, int start, int end, out int position)
    {
        position = -1;
        return digit == '0' ? _subject[start..end] : CaptureText(digit - '1', start, end, out position);
    }

    /// <summary>A capture as bytes, or as the position of <c>()</c>, from 0; the other is empty or negative.</summary>
    private readonly ReadOnlySpan<byte> CaptureText(int index, int start, int end, out int position)
    {
        position = -1;
        if (index >= CaptureCount)
        {
            if (index != 0) throw new RefusalException("invalid capture index");
            return _subject[start..end];
        }
        CaptureSpan capture = _captures[index];
        if (capture.Length == CaptureSpan.Unfinished) throw new RefusalException("unfinished capture");
        if (capture.Length == CaptureSpan.Position)
        {
            position = capture.Start;
            return [];
        }
        return _subject.Slice(capture.Start, capture.Length);
    }

    /// <summary>How many values a match gives: its captures, or itself.</summary>
    internal readonly int ResultCount => Math.Max(CaptureCount, 1);

    private int Open(int s, int p, int mark)
    {
        if (CaptureCount == CaptureSpans.CountMax) throw new RefusalException("too many captures");
        _captures[CaptureCount++] = new CaptureSpan { Start = s, Length = mark };
        int end = Match(s, p);
        if (end == NoMatch) CaptureCount--;
        return end;
    }

    private int Close(int s, int p)
    {
        int index = CaptureCount - 1;
        while (index >= 0 && _captures[index].Length != CaptureSpan.Unfinished) index--;
        if (index < 0) throw new RefusalException("invalid pattern capture");
        _captures[index].Length = s - _captures[index].Start;
        int end = Match(s, p);
        if (end == NoMatch) _captures[index].Length = CaptureSpan.Unfinished;
        return end;
    }

    // %1: what a capture took, once more. A position was no text, and is never met again.
    private readonly int Repeat(int s, byte digit)
    {
        int index = digit - '1';
        if (index < 0 || index >= CaptureCount || _captures[index].Length == CaptureSpan.Unfinished)
            throw new RefusalException("invalid capture index");
        CaptureSpan capture = _captures[index];
        return capture.Length >= 0 && _subject[s..].StartsWith(_subject.Slice(capture.Start, capture.Length)) ? s + capture.Length : NoMatch;
    }
}
