using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>What the rest of the server knows of scripts and functions, which stand above it.</summary>
public interface IScripting
{
    ScriptingFigures Figures { get; }

    /// <summary>Bytes of all that is kept for scripts and functions: texts, compiled code, and what their states hold. Cheap.</summary>
    long HeldBytes { get; }

    /// <summary>The libraries of functions, as FUNCTION LOAD was given them.</summary>
    IEnumerable<byte[]> Libraries { get; }

    /// <summary>Adds a library that a file holds; false, with the reason, when it cannot be.</summary>
    bool TryLoadLibrary(byte[] code, out string error);

    /// <summary>Forgets all libraries: others are about to be loaded.</summary>
    void ClearLibraries();

    /// <summary>A key, or fields of it, whose time has passed are about to be taken away; it is still as it was.</summary>
    void BeforeExpiry(in Key key);

    /// <summary>
    /// The script that runs is stopped as soon as it looks up, since the server is to end; false where it goes on, because it has
    /// written what cannot be undone.
    /// </summary>
    bool TryStop();

    /// <summary>The keyspace has half of what a script was to write, which the end of the server has cut off: it is not to be saved.</summary>
    bool HasLeftHalf { get; }
}

/// <summary>
/// What INFO memory tells of scripts and functions: texts and what finds them (<c>ScriptBytes</c>, <c>FunctionBytes</c>), and beside
/// them what the states of Lua hold, compiled code included.
/// </summary>
public readonly record struct ScriptingFigures(
    int Scripts,
    long ScriptBytes,
    long ScriptsEvicted,
    long EvalStateBytes,
    int Functions,
    int Libraries,
    long FunctionBytes,
    long FunctionStateBytes)
{
    /// <summary>All of it.</summary>
    public long HeldBytes => ScriptBytes + EvalStateBytes + FunctionBytes + FunctionStateBytes;
}

/// <summary>Until there are scripts.</summary>
internal sealed class NoScripting : IScripting
{
    public ScriptingFigures Figures => default;

    public long HeldBytes => 0;

    public IEnumerable<byte[]> Libraries => [];

    public bool TryLoadLibrary(byte[] code, out string error)
    {
        error = "ERR there is nothing here to run functions";
        return false;
    }

    public void ClearLibraries()
    {
    }

    public void BeforeExpiry(in Key key)
    {
    }

    public bool TryStop() => true;

    public bool HasLeftHalf => false;
}
