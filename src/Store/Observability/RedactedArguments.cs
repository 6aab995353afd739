namespace Galley.Store.Observability;

/// <summary>
/// The arguments of one command that hold secrets: the slow log and MONITOR show <see cref="Text"/> in their place. Of
/// the arguments from the 63rd on, which no command with a secret has for a reason, all are secret if one is.
/// </summary>
public readonly record struct RedactedArguments
{
    private const int LastBit = 63;

    private readonly ulong _bits;

    private RedactedArguments(ulong bits) => _bits = bits;

    /// <summary>What is shown of a secret.</summary>
    public static ReadOnlySpan<byte> Text => "(redacted)"u8;

    public bool Contains(int argument) => (_bits >> Math.Min(argument, LastBit) & 1) != 0;

    public RedactedArguments With(int argument) => new(_bits | 1ul << Math.Min(argument, LastBit));
}
