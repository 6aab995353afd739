namespace Galley.Store.Commands;

/// <summary>Composes one command for the effect log, word by word.</summary>
public sealed class EffectWriter
{
    private readonly EffectBuffer? _buffer;

    internal EffectWriter(EffectBuffer? buffer) => _buffer = buffer;

    /// <summary>Writes nowhere: for a log that nobody reads.</summary>
    internal static EffectWriter Discard { get; } = new(null);

    public EffectWriter Word(ReadOnlySpan<byte> word)
    {
        _buffer?.Word(word);
        return this;
    }

    public EffectWriter Word(long integer)
    {
        _buffer?.Word(integer);
        return this;
    }
}
