namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>
/// What a library says no to, where no call is at hand to say it in the script's words: a pattern, a format, a document.
/// <see cref="Library.Add(LuaTable, string, NativeBody)"/> makes the script's error of it.
/// </summary>
/// <param name="message">The message; its characters are bytes, as in Latin-1.</param>
/// <param name="argument">The argument that is to blame, from 0, or less than 0.</param>
internal sealed class RefusalException(string message, int argument = -1) : Exception(message)
{
    /// <summary>The argument that is to blame, from 0, or less than 0.</summary>
    public int Argument { get; } = argument;
}
