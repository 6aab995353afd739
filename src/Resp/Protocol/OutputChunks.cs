using System.Buffers;

namespace Galley.Resp.Protocol;

/// <summary>
/// Where output gets its chunks. The shared pool keeps 32 of a size for a processor: when five hundred clients are answered in one
/// turn, the others would be garbage. So the first chunk of each has a pool of its own.
/// </summary>
internal static class OutputChunks
{
    /// <summary>The size of the first chunk of a turn.</summary>
    public const int FirstBytes = 1024;

    private const int FirstKeptMax = 1024;

    private static readonly ArrayPool<byte> First = ArrayPool<byte>.Create(FirstBytes, FirstKeptMax);

    public static byte[] Rent(int bytes) => bytes <= FirstBytes ? First.Rent(FirstBytes) : ArrayPool<byte>.Shared.Rent(bytes);

    public static void Return(byte[] chunk)
    {
        if (chunk.Length == FirstBytes) First.Return(chunk);
        else ArrayPool<byte>.Shared.Return(chunk);
    }
}
