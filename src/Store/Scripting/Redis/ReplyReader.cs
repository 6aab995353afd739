using System.Buffers.Text;
using System.Diagnostics;
using Galley.Resp.Protocol;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// What a command replied, as a value of Lua, by Redis's rules:
/// <code>
///   :1                 a number                 +OK      { ok = "OK" }
///   $1 x               a string                 -ERR x   { err = "ERR x" }
///   *2 ...             a table                  $-1 *-1  false
///   RESP3:  _ nil      #t a boolean      ,1.5 { double = 1.5 }       %1 ... { map = { k = v } }
///           ~1 ... { set = { k = true } }     (1 { big_number = "1" }  =5 { verbatim_string = { format, string } }
/// </code>
/// </summary>
internal ref struct ReplyReader
{
    private readonly LuaState _state;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private ReplyReader(LuaState state, ReadOnlySpan<byte> bytes)
    {
        _state = state;
        _bytes = bytes;
    }

    /// <summary>Reads the one reply in these bytes, which a writer of ours has written.</summary>
    /// <param name="isError">It is an error.</param>
    public static LuaValue Read(LuaState state, ReadOnlySpan<byte> bytes, out bool isError)
    {
        isError = bytes[0] == '-';
        return new ReplyReader(state, bytes).Next();
    }

    private LuaValue Next()
    {
        byte type = _bytes[_at++];
        ReadOnlySpan<byte> line = Line();
        switch (type)
        {
            case (byte)':': return (double)Integer(line);
            case (byte)'$': return line[0] == '-' ? LuaValue.False : _state.NewString(Body(line));
            case (byte)'*': return line[0] == '-' ? LuaValue.False : Array((int)Integer(line));
            case (byte)'+': return Named(Names.Ok, _state.NewString(line));
            case (byte)'-': return Named(Names.Err, _state.NewString(line));
            case (byte)'_': return LuaValue.Nil;
            case (byte)'#': return line[0] == 't';
            case (byte)',': return Named(Names.Double, Double(line));
            case (byte)'%': return Named(Names.Map, Map((int)Integer(line)));
            case (byte)'~': return Named(Names.Set, Set((int)Integer(line)));
            case (byte)'(': return Named(Names.BigNumber, _state.NewString(line));
            case (byte)'=': return Named(Names.VerbatimString, Verbatim(Body(line)));
            case (byte)'|':
                Map((int)Integer(line)); // An attribute tells of the reply behind it, which is what was asked for.
                return Next();
            default: throw new UnreachableException($"no reply begins with {type}");
        }
    }

    private LuaTable Array(int count)
    {
        LuaTable table = _state.NewTable(arrayCapacity: count);
        for (int i = 1; i <= count; i++) table.Set(i, Next());
        return table;
    }

    private LuaTable Map(int pairs)
    {
        LuaTable table = _state.NewTable(hashCapacity: pairs);
        for (int i = 0; i < pairs; i++)
        {
            LuaValue key = Next();
            LuaValue value = Next();
            if (!key.IsNil) table.Set(key, value);
        }
        return table;
    }

    private LuaTable Set(int count)
    {
        LuaTable table = _state.NewTable(hashCapacity: count);
        for (int i = 0; i < count; i++)
        {
            LuaValue member = Next();
            if (!member.IsNil) table.Set(member, LuaValue.True);
        }
        return table;
    }

    private readonly LuaTable Verbatim(ReadOnlySpan<byte> body)
    {
        LuaTable table = _state.NewTable(hashCapacity: 2);
        table.Set(Names.Format, _state.NewString(body[..3]));
        table.Set(Names.String, _state.NewString(body[4..]));
        return table;
    }

    private readonly LuaTable Named(LuaString name, LuaValue value)
    {
        LuaTable table = _state.NewTable(hashCapacity: 1);
        table.Set(name, value);
        return table;
    }

    private ReadOnlySpan<byte> Line()
    {
        ReadOnlySpan<byte> rest = _bytes[_at..];
        int length = rest.IndexOf((byte)'\r');
        _at += length + 2;
        return rest[..length];
    }

    private ReadOnlySpan<byte> Body(ReadOnlySpan<byte> header)
    {
        var length = (int)Integer(header);
        ReadOnlySpan<byte> body = _bytes.Slice(_at, length);
        _at += length + 2;
        return body;
    }

    private static long Integer(ReadOnlySpan<byte> digits)
    {
        bool isWhole = Utf8Parser.TryParse(digits, out long value, out _);
        Debug.Assert(isWhole);
        return value;
    }

    private static double Double(ReadOnlySpan<byte> digits)
    {
        bool isNumber = Numbers.TryParseDouble(digits, out double value);
        return isNumber ? value : double.NaN;
    }
}
