namespace Galley.Store.Commands;

/// <summary>What holds the server up for longer than <c>busy-reply-threshold</c>, while it answers others with BUSY.</summary>
public enum LongWork : byte
{
    None,

    /// <summary>A command that takes its time.</summary>
    Command,

    /// <summary>A script of EVAL, which SCRIPT KILL ends.</summary>
    Script,

    /// <summary>A function, which FUNCTION KILL ends.</summary>
    Function,
}
