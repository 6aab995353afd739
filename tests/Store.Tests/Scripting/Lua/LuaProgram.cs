using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Galley.Store.Scripting.Lua;
using Galley.Store.Scripting.Lua.Libraries;

namespace Galley.Store.Tests.Scripting.Lua;

/// <summary>Runs programs as the command lua5.1 would, and keeps what they print.</summary>
public sealed partial class LuaProgram
{
    // A line that begins so is the title of the program below it, with the section of the reference manual it is about.
    private const string TitleMark = "--- ";

    private readonly ArrayBufferWriter<byte> _output = new();

    public LuaProgram()
    {
        BaseLibrary.Open(State);
        CoroutineLibrary.Open(State);
        LuaTable ofStrings = State.NewTable();
        ofStrings.Set(LuaString.From("__index"), State.NewTable());
        State.StringMetatable = ofStrings;
        State.Globals.Set(LuaString.From("print"), new NativeFunction("print", Print));
    }

    public LuaState State { get; } = new();

    /// <summary>What has been printed, each byte a character; addresses are masked.</summary>
    public string Output => Mask(Encoding.Latin1.GetString(_output.WrittenSpan));

    /// <summary>Runs a program under pcall, and prints its error, if it has one.</summary>
    public string Run(string program, string chunkName = "=p")
    {
        try
        {
            LuaPrototype prototype = LuaPrototype.Compile(Encoding.Latin1.GetBytes(program), Encoding.Latin1.GetBytes(chunkName));
            LuaValue[] results = State.Call(State.Globals.Get(LuaString.From("pcall")), [State.NewFunction(prototype)]).ToArray();
            if (!results[0].IsTrue) State.Call(State.Globals.Get(LuaString.From("print")), [LuaString.From("error"), results[1]]);
        }
        catch (LuaException e)
        {
            _output.Write(Encoding.Latin1.GetBytes($"error\t{e.Message}\n"));
        }
        return Output;
    }

    /// <summary>The programs, or the outputs, of a file, by their titles.</summary>
    public static IEnumerable<(string Title, string Text)> Parts(string path)
    {
        string? title = null;
        var text = new StringBuilder();
        foreach (string line in Encoding.Latin1.GetString(File.ReadAllBytes(path)).Split('\n'))
        {
            if (!TitleLine().IsMatch(line))
            {
                text.Append(line).Append('\n');
                continue;
            }
            if (title is not null) yield return (title, text.ToString());
            title = line[TitleMark.Length..];
            text.Clear();
        }
        if (title is not null) yield return (title, text.ToString());
    }

    /// <summary>Addresses differ from run to run.</summary>
    public static string Mask(string output) => Address().Replace(output, "0xADDRESS");

    private void Print(ref NativeCall call)
    {
        LuaValue toText = State.Globals.Get(LuaString.From("tostring"));
        for (int i = 0; i < call.Count; i++)
        {
            ReadOnlySpan<LuaValue> results = call.Call(toText, call[i]);
            LuaValue text = results.IsEmpty ? LuaValue.Nil : results[0];
            if (text.AsString is null && !text.IsNumber) throw call.Error("'tostring' must return a string to 'print'");
            if (i > 0) _output.Write("\t"u8);
            _output.Write(State.ToText(text).Span);
        }
        _output.Write("\n"u8);
    }

    [GeneratedRegex("0x[0-9a-f]{6,}")]
    private static partial Regex Address();

    // What a program prints may look like one, but for the number of a section.
    [GeneratedRegex(@"^--- \d")]
    private static partial Regex TitleLine();
}
