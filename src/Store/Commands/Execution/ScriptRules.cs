namespace Galley.Store.Commands;

/// <summary>What a script may do, when one of its commands is judged.</summary>
[Flags]
public enum ScriptRules : byte
{
    None = 0,

    /// <summary>Commands that write are refused.</summary>
    ReadOnly = 1,

    /// <summary>Memory may be short.</summary>
    AllowOom = 2,
}
