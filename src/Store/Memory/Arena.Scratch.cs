using System.Numerics;

namespace Galley.Store.Memory;

/// <content>
/// Room beside the pages, for the content of a block in another form while it is looked at: a compressed piece expanded,
/// a piece laid out to be compressed. It is used again and again, so that reading costs no memory.
/// </content>
public sealed partial class Arena
{
    private byte[] _scratch = [];

    /// <summary>How often the scratch was asked for: who finds another number has lost what was in it. Never 0 after the first time.</summary>
    internal int ScratchUses { get; private set; }

    /// <summary>So many bytes (up to <see cref="BlockBytesMax"/>), with any content: the caller's until the next who asks.</summary>
    internal Span<byte> Scratch(int bytes)
    {
        if ((uint)bytes > BlockBytesMax) ThrowSize(bytes);
        if (_scratch.Length < bytes) _scratch = new byte[BitOperations.RoundUpToPowerOf2((uint)bytes)];
        if (++ScratchUses == 0) ScratchUses = 1;
        return _scratch.AsSpan(0, bytes);
    }
}
