using Galley.Resp.Protocol;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>The words of a command that a script calls, in buffers that are used again: a script calls one at a time.</summary>
internal sealed class CommandWords
{
    private const int IdleBytesMax = 64 * 1024;
    private const int IdleWordsMax = 256;

    private byte[] _bytes = new byte[512];
    private ArgumentSlice[] _slices = new ArgumentSlice[16];

    /// <summary>Puts arguments of a call into words; false where one is neither a string nor a number.</summary>
    /// <remarks>Numbers are written as redis-server writes them here: by <c>%.17g</c>.</remarks>
    public bool TryPut(in NativeCall call, out Arguments words)
    {
        Trim();
        int at = 0;
        if (_slices.Length < call.Count) _slices = new ArgumentSlice[call.Count];
        words = default;
        for (int i = 0; i < call.Count; i++)
        {
            LuaValue value = call[i];
            int begin = at;
            if (value.AsString is { } text) Put(text.Span, ref at);
            else if (value.IsNumber) Put(value.AsNumber, ref at);
            else return false;
            _slices[i] = new ArgumentSlice(begin, at - begin);
        }
        words = new Arguments(_bytes, _slices, call.Count);
        return true;
    }

    private void Put(ReadOnlySpan<byte> text, ref int at)
    {
        Reserve(at, text.Length);
        text.CopyTo(_bytes.AsSpan(at));
        at += text.Length;
    }

    private void Put(double number, ref int at)
    {
        Reserve(at, Numbers.DoubleBytesMax);
        at += Numbers.FormatDouble(number, _bytes.AsSpan(at));
    }

    private void Reserve(int at, int count)
    {
        if (_bytes.Length - at >= count) return;
        Array.Resize(ref _bytes, (int)Math.Min(Math.Max((long)at + count, 2L * _bytes.Length), Array.MaxLength));
    }

    /// <summary>What one large command needed is not kept for the small ones.</summary>
    private void Trim()
    {
        if (_bytes.Length > IdleBytesMax) _bytes = new byte[512];
        if (_slices.Length > IdleWordsMax) _slices = new ArgumentSlice[16];
    }
}
