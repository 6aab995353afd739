namespace Galley.Store.Configuration;

/// <summary>
/// Declares a configuration parameter on a property of <see cref="Settings"/>. The property's initial value is the
/// default; name, bounds and the text of CONFIG GET, CONFIG SET's errors, the file, the environment and the command
/// line all derive from here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Other names that find it, such as those from before Redis 7, separated by spaces.</summary>
    public string Aliases { get; init; } = "";

    public long Min { get; init; }

    public long Max { get; init; } = int.MaxValue;

    public Unit Unit { get; init; }

    public Change Change { get; init; }

    /// <summary>A password or token: no message repeats its value.</summary>
    public bool Secret { get; init; }
}

/// <summary>What a number counts. Memory and Octal are also written in their own way.</summary>
public enum Unit : byte
{
    None,

    /// <summary>Bytes, as <c>64mb</c> or <c>1gb</c>.</summary>
    Memory,

    /// <summary>File permissions.</summary>
    Octal,
    Seconds,
    Milliseconds,
    Microseconds,
    Percent,
}

/// <summary>When a parameter may change.</summary>
public enum Change : byte
{
    AtRunTime,

    /// <summary>Only before the start: redis-server's immutable parameters.</summary>
    AtStart,

    /// <summary>At run time only where <c>enable-protected-configs</c> says so.</summary>
    Protected,
}
