using System.Runtime.InteropServices;

namespace Galley.Store.Memory;

/// <summary>The bytes that a value without references takes in a block.</summary>
internal static class SizeOf<T> where T : unmanaged
{
    public static readonly int Bytes = MemoryMarshal.AsBytes<T>(new T[1]).Length;
}
