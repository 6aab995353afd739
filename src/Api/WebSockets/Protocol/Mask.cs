using System.Runtime.InteropServices;

namespace Galley.Api.WebSockets;

/// <summary>The mask that a client lays over its payloads, so that no proxy takes them for something else.</summary>
internal static class Mask
{
    /// <summary>Takes the mask off (or lays it on), in place.</summary>
    /// <param name="mask">Its four bytes, the first lowest.</param>
    public static void Apply(Span<byte> payload, uint mask)
    {
        ulong twice = mask | ((ulong)mask << 32);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(payload);
        for (int i = 0; i < words.Length; i++) words[i] ^= twice;
        for (int i = words.Length * sizeof(ulong); i < payload.Length; i++) payload[i] ^= (byte)(mask >> (i % sizeof(uint) * 8));
    }
}
