using Galley.Resp.Protocol;

namespace Galley.Store.Engine;

/// <summary>Who takes the commands that the append-only file holds, one by one and in order, when the server starts.</summary>
public interface IEffectTarget
{
    /// <summary>
    /// Runs one stored command; the arguments are valid until it returns. MULTI and EXEC come as they are stored, and
    /// a MULTI never comes without its EXEC. Whoever cannot run the command throws: loading stops there.
    /// </summary>
    void Apply(in Arguments command);
}
