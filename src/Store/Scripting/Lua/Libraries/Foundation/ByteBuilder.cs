using System.Buffers;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Bytes on their way to a string of Lua. What it grows by is charged to the script before it is allocated.</summary>
internal sealed class ByteBuilder(LuaState state) : IDisposable
{
    private const int StartBytes = 256;

    // Smaller buffers are the pool's and go back to it; a larger one is the script's to pay for.
    private const int PooledBytesMax = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(StartBytes);

    /// <summary>How many bytes it holds.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes that it holds, until it grows.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Adds a byte.</summary>
    public void Add(byte value)
    {
        if (Length == _bytes.Length) Grow(1);
        _bytes[Length++] = value;
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Adds a byte many times.</summary>
    public void Add(byte value, int count) => Take(count).Fill(value);

    /// <summary>Adds bytes that the caller writes, now.</summary>
    public Span<byte> Take(int count)
    {
        if (count > _bytes.Length - Length) Grow(count);
        Span<byte> taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    /// <summary>Forgets bytes at the end.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>What it holds, as a string of its own.</summary>
    public LuaString ToLuaString() => state.NewString(Written);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes.Length <= PooledBytesMax) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Grow(int count)
    {
        long needed = (long)Length + count;
        if (needed > Array.MaxLength) throw new LuaException("not enough memory");
        int size = (int)Math.Clamp(2 * needed, StartBytes, Array.MaxLength);
        byte[] larger;
        if (size <= PooledBytesMax)
        {
            larger = ArrayPool<byte>.Shared.Rent(size);
        }
        else
        {
            state.Budget.Charge(size);
            larger = GC.AllocateUninitializedArray<byte>(size);
        }
        Written.CopyTo(larger);
        if (_bytes.Length <= PooledBytesMax) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
