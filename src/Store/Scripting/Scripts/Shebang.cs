using System.Text;
using Galley.Store.Configuration;

namespace Galley.Store.Scripting;

/// <summary>
/// The first line of a script: <c>#!lua flags=no-writes,allow-stale</c>. A script may do without; a library of functions
/// may not, and gives its name there (<c>#!lua name=mylib</c>). Its words are split as those of a line of redis.conf.
/// </summary>
internal readonly ref struct Shebang
{
    private const string FlagsOption = "flags=";

    private Shebang(IReadOnlyList<string> words, ReadOnlySpan<byte> body)
    {
        Words = words;
        Body = body;
    }

    /// <summary>The words, as Latin-1, the engine with its <c>#!</c> first.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>What follows, the end of the line first, so that lines keep their numbers.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>Whether a text begins as such a line does.</summary>
    public static bool IsAt(ReadOnlySpan<byte> text) => text.StartsWith("#!"u8);

    /// <summary>Takes the line off; false where it does not end, or its quotes are not balanced.</summary>
    public static bool TryCut(ReadOnlySpan<byte> text, out Shebang shebang)
    {
        shebang = default;
        int end = text.IndexOf((byte)'\n');
        if (end < 0 || WordSplitter.Split(Encoding.Latin1.GetString(text[..end])) is not { Count: > 0 } words) return false;
        shebang = new Shebang(words, text[end..]);
        return true;
    }

    /// <summary>Reads the first line of a script, if it has one.</summary>
    /// <param name="body">The script without it.</param>
    /// <param name="error">redis-server's words for what is wrong.</param>
    public static bool TryReadFlags(ReadOnlySpan<byte> script, out ScriptFlags flags, out ReadOnlySpan<byte> body, out string error)
    {
        flags = ScriptFlags.Undeclared;
        body = script;
        error = "";
        if (!IsAt(script)) return true;
        flags = ScriptFlags.None;
        if (!TryCut(script, out Shebang shebang))
        {
            error = "ERR Invalid script shebang";
            return false;
        }
        body = shebang.Body;
        string engine = shebang.Words[0];
        if (engine != "#!lua")
        {
            error = "ERR Unexpected engine in script shebang: " + engine;
            return false;
        }
        foreach (string option in shebang.Words.Skip(1))
        {
            if (!TryReadOption(option, ref flags, out error)) return false;
        }
        return true;
    }

    private static bool TryReadOption(string option, ref ScriptFlags flags, out string error)
    {
        error = "";
        if (!option.StartsWith(FlagsOption, StringComparison.Ordinal))
        {
            error = "ERR Unknown lua shebang option: " + option;
            return false;
        }
        string names = option[FlagsOption.Length..];
        if (names.Length == 0) return true;
        foreach (string name in names.Split(','))
        {
            if (!ScriptFlagNames.TryFind(name, out ScriptFlags flag))
            {
                error = "ERR Unexpected flag in script shebang: " + name;
                return false;
            }
            flags |= flag;
        }
        return true;
    }
}
