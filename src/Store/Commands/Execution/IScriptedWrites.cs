using Galley.Resp.Protocol;

namespace Galley.Store.Commands;

/// <summary>Who must know of what a script is about to change.</summary>
public interface IScriptedWrites
{
    /// <summary>A command that writes has been admitted, and runs next.</summary>
    void BeforeWrite(int database, CommandInfo command, in Arguments args);
}
