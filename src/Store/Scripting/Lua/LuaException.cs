namespace Galley.Store.Scripting.Lua;

/// <summary>An error of a script, with the value that pcall gives back.</summary>
public class LuaException : Exception
{
    /// <summary>An error with any value, as error() may throw.</summary>
    public LuaException(LuaValue value) => Value = value;

    /// <summary>An error with a message of the host's.</summary>
    public LuaException(string message)
        : this((LuaValue)LuaString.From(message))
    {
    }

    /// <summary>What pcall gives back beside false.</summary>
    public LuaValue Value { get; }

    /// <inheritdoc/>
    public override string Message => Value.ToString();
}
