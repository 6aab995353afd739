using System.Text;

namespace Galley.Conformance.Scripting;

/// <summary>
/// Writes random programs in Lua: closures, loops, metatables, coroutines, errors, over few names, so that they meet. Each one ends,
/// because loops and functions count their steps, and prints what it does.
/// </summary>
public sealed class ProgramGenerator(int seed)
{
    /// <summary>What stands before every program: how values are shown, and the count of steps.</summary>
    public const string Prologue =
        """
        local steps = 0
        local function tick() steps = steps + 1 if steps > 3000 then error("limit", 0) end end
        local function show(v) local t = type(v) if t == "table" or t == "function" or t == "thread" then return t end return tostring(v) end
        local function out(...) local s = "" for i = 1, select("#", ...) do s = s .. " " .. show((select(i, ...))) end print(s) return ... end

        """;

    private const int DepthMax = 4;

    private static readonly string[] Names = ["a", "b", "c", "d", "f", "g", "t", "u", "x"];
    private static readonly string[] Fields = ["x", "y", "n", "f", "m"];
    private static readonly string[] Arithmetic = ["+", "-", "*", "/", "%", "^"];
    private static readonly string[] Comparisons = ["<", "<=", ">", ">=", "==", "~="];
    private static readonly string[] Events =
        ["__index", "__newindex", "__call", "__add", "__sub", "__mul", "__unm", "__concat", "__eq", "__lt", "__le", "__len", "__tostring"];

    private static readonly string[] Constants =
        ["nil", "true", "false", "0", "1", "2", "-1", "3", "10", "0.5", "1e15", "\"\"", "\"x\"", "\"10\"", "\"abc\"", "'0x10'", "{}", "{1, 2, 3}", "{x = 1, n = 2}"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _depth;
    private int _loops;
    private bool _hasVarargs;

    /// <summary>A program.</summary>
    public string Next()
    {
        _text.Clear();
        _text.Append(Prologue);
        _hasVarargs = true;
        int parts = _random.Next(2, 6);
        for (int i = 0; i < parts; i++)
        {
            if (Chance(3)) Line($"{(Chance(2) ? "local " : "")}{Pick(Names)} = {Expression()}");
            _text.Append("out(pcall(function(...)\n");
            Block(_random.Next(1, 6));
            _text.Append("end, 1, 'two', nil))\n");
        }
        return _text.ToString();
    }

    /// <summary>The program with a few of its tokens dropped, doubled or moved: it may be no Lua any more.</summary>
    public string Spoil(string program)
    {
        List<string> tokens = [.. System.Text.RegularExpressions.Regex.Matches(program[Prologue.Length..], @"""[^""]*""|'[^']*'|\w+|\s+|[=~<>]=|\.\.\.?|.").Select(m => m.Value)];
        for (int i = _random.Next(1, 4); i > 0 && tokens.Count > 3; i--)
        {
            int at = _random.Next(tokens.Count), other = _random.Next(tokens.Count);
            switch (_random.Next(5))
            {
                case 0: tokens.RemoveAt(at); break;
                case 1: tokens.Insert(at, tokens[other]); break;
                case 2: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
                case 3: tokens[at] = Pick(["end", "=", "(", ")", ",", "'", "[[", "--[[", "..", "1e", "3x", "\n", "do", "then", "function", "local", "return", "break", "@", "{", "}"]); break;
                default: tokens.RemoveRange(at, tokens.Count - at); break;
            }
        }
        return string.Concat(tokens);
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];

    private void Line(string text) => _text.Append(text).Append('\n');

    private void Block(int statements)
    {
        _depth++;
        for (int i = 0; i < statements; i++) Statement();
        if (Chance(4)) Line($"return {Expressions()}");
        else if (_loops > 0 && Chance(8)) Line("break");
        _depth--;
    }

    private void Statement()
    {
        switch (_depth > DepthMax ? _random.Next(8) : _random.Next(20))
        {
            case 0: Line($"local {Pick(Names)} = {Expression()}"); break;
            case 1: Line($"local {Pick(Names)}, {Pick(Names)} = {Expressions()}"); break;
            case 2: Line($"{Target()} = {Expression()}"); break;
            case 3: Line($"{Target()}, {Target()} = {Expressions()}"); break;
            case 4 or 5: Line($"out({Expressions()})"); break;
            case 6: Line(Call()); break;
            case 7: Line($"{Pick(Names)} = setmetatable({{{Pick(Fields)} = {Expression()}}}, {{{Handler()}, {Handler()}}})"); break;
            case 8:
                Line($"if {Expression()} then");
                Nested(2);
                if (Chance(3)) { Line($"elseif {Expression()} then"); Nested(2); }
                if (Chance(2)) { Line("else"); Nested(2); }
                Line("end");
                break;
            case 9: Loop($"for {Pick(Names)} = {Expression()}, {Expression()}{(Chance(3) ? ", " + Expression() : "")} do tick()", "end"); break;
            case 10: Loop($"for {Pick(Names)} = {_random.Next(3)}, {_random.Next(6)} do tick()", "end"); break;
            case 11: Loop($"for {Pick(Names)}, {Pick(Names)} in {Pick([$"ipairs({Expression()})", $"next, {{{Expressions()}}}", Expression()])} do tick()", "end"); break;
            case 12: Loop($"while {Expression()} do tick()", "end"); break;
            case 13: Loop("repeat tick()", $"until {Expression()}"); break;
            case 14: Line("do"); Nested(3); Line("end"); break;
            case 15: Function($"local function {Pick(Names)}"); break;
            case 16: Function($"function {Pick(Names)}{(Chance(3) ? Pick([".", ":"]) + Pick(Fields) : "")}"); break;
            case 17:
                Line("out(pcall(function()");
                Closed(3, false);
                Line("end))");
                break;
            case 18:
                Line($"local {Pick(Names)} = coroutine.wrap(function(...) tick()");
                Closed(3, true);
                Line($"out(coroutine.yield({Expressions()}))");
                Line("end)");
                break;
            default:
                Line($"local {Pick(Names)} = coroutine.create(function({Pick(Names)}) tick()");
                Closed(3, false);
                Line("end)");
                Line($"out(coroutine.resume({Pick(Names)}, {Expressions()}))");
                break;
        }
    }

    private void Nested(int statements) => Block(_random.Next(1, statements + 1));

    private void Loop(string head, string tail)
    {
        Line(head);
        _loops++;
        Nested(3);
        _loops--;
        Line(tail);
    }

    private void Function(string head)
    {
        bool varargs = Chance(3);
        Line($"{head}({(varargs ? Pick(["...", "a, ..."]) : Pick(["", "a", "x, b", "t, n"]))}) tick()");
        Closed(3, varargs);
        Line("end");
    }

    // The body of a function: breaks do not leave it, and its varargs are its own.
    private void Closed(int statements, bool varargs)
    {
        (int loops, bool had) = (_loops, _hasVarargs);
        (_loops, _hasVarargs) = (0, varargs);
        Nested(statements);
        (_loops, _hasVarargs) = (loops, had);
    }

    private string Handler() => $"{Pick(Events)} = {(Chance(4) ? Expression() : $"function(...) tick() return {Pick(["...", "1", "(...)", "select('#', ...)", "'h'", "true", "nil", "{}"])} end")}";

    private string Target() => _random.Next(5) switch
    {
        0 => $"{Pick(Names)}.{Pick(Fields)}",
        1 => $"{Pick(Names)}[{Expression()}]",
        _ => Pick(Names),
    };

    private string Expressions()
    {
        var list = new List<string>();
        for (int i = _random.Next(1, 4); i > 0; i--) list.Add(Expression());
        if (_hasVarargs && Chance(5)) list.Add("...");
        return string.Join(", ", list);
    }

    private string Call() => _random.Next(8) switch
    {
        0 => $"{Pick(Names)}:{Pick(Fields)}({Expressions()})",
        1 => $"{Pick(Names)}.{Pick(Fields)}({Expressions()})",
        2 => $"{Pick(["error", "assert", "select", "unpack", "rawget", "rawset", "rawequal", "tonumber", "setmetatable", "getmetatable", "pcall", "type", "coroutine.yield", "loadstring"])}({Expressions()})",
        _ => $"{Pick(Names)}({Expressions()})",
    };

    private string Expression()
    {
        _depth++;
        string made = _depth > DepthMax + 3 ? (Chance(2) ? Pick(Names) : Pick(Constants)) : Composed();
        _depth--;
        return made;
    }

    private string Composed() => _random.Next(22) switch
    {
        0 or 1 or 2 or 3 => Pick(Constants),
        4 or 5 or 6 or 7 or 8 => Pick(Names),
        9 => $"{Pick(Names)}.{Pick(Fields)}",
        10 => $"{Pick(Names)}[{Expression()}]",
        11 or 12 => $"{Expression()} {Pick(Arithmetic)} {Expression()}",
        13 => $"{Expression()} {Pick(Comparisons)} {Expression()}",
        14 => $"{Expression()} {Pick(["and", "or"])} {Expression()}",
        15 => $"{Expression()} .. {Expression()}",
        16 => $"{Pick(["not ", "-", "#", "- "])}{Expression()}",
        17 => $"({Expression()})",
        18 => Call(),
        19 => $"{{{Expression()}, {Pick(Fields)} = {Expression()}, {(_hasVarargs && Chance(2) ? "..." : Expression())}}}",
        20 => $"function({Pick(["", "a", "..."])}) tick() return {Pick(Names)} end",
        _ => _hasVarargs ? "..." : Pick(Names),
    };
}
