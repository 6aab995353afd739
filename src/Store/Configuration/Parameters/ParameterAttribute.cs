namespace Galley.Store.Configuration;

/// <summary>
/// Declares a configuration parameter on a property of <see cref="Settings"/>. The property's initial value is the
/// default; name, bounds and the text of CONFIG GET, CONFIG SET's errors, the file, the environment and the command
/// line all derive from here.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public class ParameterAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    /// <summary>Other names that find it, such as those from before Redis 7, separated by spaces.</summary>
    public string Aliases { get; init; } = "";

    public long Min { get; init; }

    /// <summary>A parameter whose property is unsigned is bounded by its type alone.</summary>
    public long Max { get; init; } = int.MaxValue;

    public Unit Unit { get; init; }

    public Change Change { get; init; }

    /// <summary>A password or token: no message repeats its value.</summary>
    public bool Secret { get; init; }

    /// <summary>CONFIG GET finds it by its name and by no pattern.</summary>
    public bool Hidden { get; init; }

    /// <summary>An empty text is no text: CONFIG REWRITE takes its line out of the file.</summary>
    public bool EmptyIsNone { get; init; }
}

/// <summary>
/// A parameter of redis-server that Galley does not need: checked, kept, printed and rewritten, but nothing acts on it.
/// A value other than the default is told at the start (<see cref="Parameters.GivenWithoutEffect"/>).
/// </summary>
public sealed class AcceptedAttribute(string name) : ParameterAttribute(name);

/// <summary>
/// What the parameter would ask for is not there, and to go on without it would be a lie: any value but the default is
/// refused, with this reason.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnservedAttribute(string reason) : Attribute
{
    /// <summary>Why, at the start; and what CONFIG SET replies unless <see cref="AtRunTime"/> says otherwise.</summary>
    public string Reason { get; } = reason;

    /// <summary>redis-server's words where it refuses the same for a reason of its own.</summary>
    public string? AtRunTime { get; init; }

    /// <summary>What the user can do in its place.</summary>
    public string NextStep { get; init; } = "Remove the line.";
}

/// <summary>A member of an enum that redis-server 7.0 does not know: accepted, but not listed in the error that lists them.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class NewerAttribute : Attribute;

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
