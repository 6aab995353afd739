using System.Runtime.CompilerServices;
using Galley.Resp.Protocol;
using Galley.Store.Scripting.Lua;

namespace Galley.Store.Scripting;

/// <summary>
/// What a script returns, as a reply, by Redis's rules: a number is cut to an integer, true is 1 and false null, a table
/// is an array up to its first nil, unless it has a field <c>ok</c>, <c>err</c>, <c>double</c>, <c>map</c>, <c>set</c>,
/// <c>big_number</c> or <c>verbatim_string</c>. Metatables are not asked.
/// </summary>
internal sealed class ResultWriter(RespWriter reply)
{
    /// <summary>What redis-server's stack of Lua holds for tables within tables, of which an array takes one place.</summary>
    private const int PlacesMax = 7995;

    /// <summary>What a map or a set takes of them.</summary>
    private const int PairPlaces = 3;

    private readonly RespWriter _reply = reply;

    /// <summary>The script has chosen RESP3 (<c>redis.setresp(3)</c>): booleans are booleans to a client of RESP3.</summary>
    public bool HasResp3Booleans { get; init; }

    public void Write(LuaValue value) => Write(value, places: 0);

    private void Write(LuaValue value, int places)
    {
        if (places >= PlacesMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) _reply.Error("ERR reached lua stack limit"u8);
        else if (value.AsString is { } text) _reply.Bulk(text.Span);
        else if (value.IsNumber) _reply.Integer(Truncated(value.AsNumber));
        else if (value.IsBoolean) WriteBoolean(value.IsTrue);
        else if (value.AsTable is { } table) WriteTable(table, places);
        else _reply.Null();
    }

    /// <summary>A double as C casts it on x86-64: what is out of range is the smallest integer.</summary>
    private static long Truncated(double number) =>
        number is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)number : long.MinValue;

    private void WriteBoolean(bool value)
    {
        if (HasResp3Booleans && _reply.Version != RespVersion.Resp2) _reply.Boolean(value);
        else if (value) _reply.Integer(1);
        else _reply.Null();
    }

    private void WriteTable(LuaTable table, int places)
    {
        if (table.Get(Names.Err).AsString is { } error) _reply.Error(error.Span);
        else if (table.Get(Names.Ok).AsString is { } status) WriteStatus(status.Span);
        else if (table.Get(Names.Double) is { IsNumber: true } number) _reply.Double(number.AsNumber);
        else if (table.Get(Names.Map).AsTable is { } map) WriteMap(map, places);
        else if (table.Get(Names.Set).AsTable is { } set) WriteSet(set, places);
        else if (table.Get(Names.BigNumber).AsString is { } digits) _reply.BigNumber(OnOneLine(digits.Span));
        else if (table.Get(Names.VerbatimString).AsTable is not { } verbatim || !TryWriteVerbatim(verbatim)) WriteArray(table, places);
    }

    private void WriteStatus(ReadOnlySpan<byte> status) => _reply.Simple(OnOneLine(status));

    private void WriteMap(LuaTable map, int places)
    {
        Deferred start = _reply.BeginDeferred();
        int pairs = 0;
        LuaValue key = LuaValue.Nil;
        for (; map.TryNext(ref key, out LuaValue value); pairs++)
        {
            Write(key, places + PairPlaces);
            Write(value, places + PairPlaces);
        }
        _reply.EndMap(start, pairs);
    }

    private void WriteSet(LuaTable set, int places)
    {
        Deferred start = _reply.BeginDeferred();
        int count = 0;
        LuaValue key = LuaValue.Nil;
        for (; set.TryNext(ref key, out _); count++) Write(key, places + PairPlaces);
        _reply.EndSet(start, count);
    }

    private bool TryWriteVerbatim(LuaTable verbatim)
    {
        if (verbatim.Get(Names.Format).AsString is not { } format || verbatim.Get(Names.String).AsString is not { } text) return false;
        _reply.Verbatim(format.Span, text.Span);
        return true;
    }

    private void WriteArray(LuaTable table, int places)
    {
        Deferred start = _reply.BeginDeferred();
        int count = 0;
        for (LuaValue element = table.Get(1); !element.IsNil; element = table.Get(count + 1))
        {
            count++;
            Write(element, places + 1);
        }
        _reply.EndArray(start, count);
    }

    /// <summary>Who echoes a client's bytes must not let it forge a reply.</summary>
    private static ReadOnlySpan<byte> OnOneLine(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'\r', (byte)'\n') < 0) return text;
        byte[] line = text.ToArray();
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        return line;
    }
}
