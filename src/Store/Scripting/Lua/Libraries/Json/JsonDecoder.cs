namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Reads one JSON document into values: null is <c>cjson.null</c>, arrays and objects are tables.</summary>
internal ref partial struct JsonDecoder
{
    private const int StepsBetweenTicks = 256;

    // What an open array or object takes of Lua's stack in redis-server, and what is taken before.
    private const int SlotsOfArray = 1;
    private const int SlotsOfObject = 2;
    private const int SlotsBefore = 3;

    private const int LevelsAtStart = 8;

    private readonly LuaState _state;
    private readonly JsonSettings _settings;
    private readonly ReadOnlySpan<byte> _document;
    private readonly ByteBuilder _scratch;

    // The arrays and objects that are open, outermost first: nesting costs no stack of the process.
    private Level[] _levels = [];
    private int _depth;
    private int _slots = SlotsBefore;
    private int _steps;

    // The token that was read last, and what comes behind it.
    private int _next;
    private int _tokenStart;
    private LuaValue _value = LuaValue.Nil;
    private string _fault = "";

    /// <summary>A decoder of a document; scratch is for strings with escapes.</summary>
    internal JsonDecoder(LuaState state, JsonSettings settings, ReadOnlySpan<byte> document, ByteBuilder scratch)
    {
        _state = state;
        _settings = settings;
        _document = document;
        _scratch = scratch;
    }

    /// <summary>The value of the document.</summary>
    /// <exception cref="RefusalException">It is no JSON, or nests too deep.</exception>
    internal LuaValue Read()
    {
        if (_document.Length >= 2 && (_document[0] == 0 || _document[1] == 0)) throw new RefusalException("JSON parser does not support UTF-16 or UTF-32");
        LuaValue value = ReadValue(NextToken());
        JsonToken token = NextToken();
        return token == JsonToken.End ? value : throw Expected("the end", token);
    }

    private LuaValue ReadValue(JsonToken token)
    {
        while (true)
        {
            if (++_steps % StepsBetweenTicks == 0) _state.Tick(StepsBetweenTicks);
            if (token is JsonToken.ArrayStart or JsonToken.ObjectStart)
            {
                token = Open(isObject: token == JsonToken.ObjectStart);
                // An empty one is closed at once; else the first value comes next.
                if (token is not (JsonToken.ArrayEnd or JsonToken.ObjectEnd)) continue;
                if (!IsEmptyEnd(token)) throw Expected("value", token);
            }
            else
            {
                LuaValue scalar = token is JsonToken.String or JsonToken.Number or JsonToken.Boolean or JsonToken.Null ? _value : throw Expected("value", token);
                if (_depth == 0) return scalar;
                Store(scalar);
                token = NextToken();
            }

            // Behind a value: a comma and the next, or the end of what holds it, which is a value in its turn.
            while (true)
            {
                ref Level level = ref _levels[_depth - 1];
                if (token == (level.IsObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd))
                {
                    _depth--;
                    _slots -= level.IsObject ? SlotsOfObject : SlotsOfArray;
                    if (_depth == 0) return level.Table;
                    Store(level.Table);
                    token = NextToken();
                    continue;
                }
                if (token != JsonToken.Comma) throw Expected(level.IsObject ? "comma or object end" : "comma or array end", token);
                token = NextToken();
                if (level.IsObject) token = ReadKey(token);
                break;
            }
        }
    }

    // Opens an array or object, and reads on to its first value, or to its end.
    private JsonToken Open(bool isObject)
    {
        if (++_depth > _settings.DecodeDepthMax || _slots > LuaState.HostStackMax)
            throw new RefusalException($"Found too many nested data structures ({_depth}) at character {_next}");
        LuaTable table = _state.NewTable();
        if (!isObject && _settings.MarksArrays) table.Metatable = _settings.ArrayMark;
        if (_depth > _levels.Length) Array.Resize(ref _levels, Math.Max(2 * _levels.Length, LevelsAtStart));
        _levels[_depth - 1] = new Level { Table = table, IsObject = isObject };
        _slots += isObject ? SlotsOfObject : SlotsOfArray;
        JsonToken token = NextToken();
        return !isObject || token == JsonToken.ObjectEnd ? token : ReadKey(token);
    }

    private readonly bool IsEmptyEnd(JsonToken token)
    {
        ref Level level = ref _levels[_depth - 1];
        return level.Index == 0 && level.Key.IsNil && token == (level.IsObject ? JsonToken.ObjectEnd : JsonToken.ArrayEnd);
    }

    // The key, the colon, and the token of the value.
    private JsonToken ReadKey(JsonToken token)
    {
        if (token != JsonToken.String) throw Expected("object key string", token);
        _levels[_depth - 1].Key = _value;
        token = NextToken();
        if (token != JsonToken.Colon) throw Expected("colon", token);
        return NextToken();
    }

    private readonly void Store(LuaValue value)
    {
        ref Level level = ref _levels[_depth - 1];
        level.Index++;
        if (level.IsObject) level.Table.Set(level.Key, value);
        else level.Table.Set(level.Index, value);
    }

    private readonly RefusalException Expected(string what, JsonToken token)
    {
        string found = token switch
        {
            JsonToken.ObjectStart => "T_OBJ_BEGIN",
            JsonToken.ObjectEnd => "T_OBJ_END",
            JsonToken.ArrayStart => "T_ARR_BEGIN",
            JsonToken.ArrayEnd => "T_ARR_END",
            JsonToken.String => "T_STRING",
            JsonToken.Number => "T_NUMBER",
            JsonToken.Boolean => "T_BOOLEAN",
            JsonToken.Null => "T_NULL",
            JsonToken.Colon => "T_COLON",
            JsonToken.Comma => "T_COMMA",
            JsonToken.End => "T_END",
            _ => _fault,
        };
        return new RefusalException($"Expected {what} but found {found} at character {_tokenStart + 1}");
    }

    // An array or object and what goes into it next.
    private struct Level
    {
        internal LuaTable Table;
        internal bool IsObject;
        internal int Index;
        internal LuaValue Key;
    }
}
