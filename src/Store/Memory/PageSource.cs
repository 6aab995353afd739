using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Galley.Store.Memory;

/// <summary>
/// One range of addresses, reserved whole when made and never unmapped before the end, so that a stale span reads old
/// or zero bytes and cannot fault. Pages get memory when first touched, or ahead of that by <see cref="Populate"/>,
/// and lose it by <see cref="Discard"/>.
///
/// <code>
///   0          in use                    populated ahead      address space only
///   |xxxxxxxxxx....xxxxxxxx..xxxxxxxxxxx|0000000000000000000|                        ...   | Bytes
///               ^ discarded: reads as zero
/// </code>
///
/// This is one of the three audited files: pointers and libc in Store/Memory are here and nowhere else. Every pointer
/// is made by <see cref="Span"/>, <see cref="Words"/> or <see cref="At"/>, behind their bounds check. There is no
/// finalizer: spans do not keep their source alive, so only the owner can know when the range may go.
/// Systems other than Linux get one plain allocation of at most 1 GiB (it builds and runs there, untested).
/// </summary>
internal sealed unsafe partial class PageSource : IDisposable
{
    private const long SmallestReservationBytes = 1 << 20;
    private const long FallbackBytesMax = 1L << 30;

    // Populate and Discard come from the keeper's thread and must not meet an unmapped range.
    private readonly Lock _mapping = new();
    private readonly nuint _reservedBytes;
    private byte* _start;
    private long _bytes;

    /// <summary>Reserves so many bytes, or half as many until the system agrees (a limit on address space).</summary>
    public PageSource(long bytesWanted)
    {
        long bytes = bytesWanted;
        if (OperatingSystem.IsLinux())
        {
            _start = Reserve(ref bytes);
        }
        else
        {
            bytes = Math.Min(bytes, FallbackBytesMax);
            _start = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        }

        _bytes = bytes;
        _reservedBytes = (nuint)bytes;
    }

    public long Bytes => _bytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Span(long offset, int length)
    {
        if (offset < 0 || (ulong)offset + (uint)length > (ulong)_bytes) ThrowOutside();
        return new Span<byte>(_start + offset, length);
    }

    /// <summary>The same as 8-byte words; the offset is a multiple of 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<ulong> Words(long offset, int count)
    {
        if (offset < 0 || (ulong)offset + ((ulong)(uint)count << 3) > (ulong)_bytes) ThrowOutside();
        return new Span<ulong>(_start + offset, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(long offset) where T : unmanaged
    {
        if (offset < 0 || (ulong)offset + (uint)sizeof(T) > (ulong)_bytes) ThrowOutside();
        return ref *(T*)(_start + offset);
    }

    /// <summary>Gives pages memory now rather than by a fault each. Older systems cannot: then they fault.</summary>
    public void Populate(long offset, long length) => Advise(offset, length, Advice.PopulateWrite);

    /// <summary>Gives the memory of pages back; they read as zero.</summary>
    public void Discard(long offset, long length) => Advise(offset, length, Advice.DontNeed);

    /// <summary>The same for the holder of the gate, who alone ends the range: it does not wait for the keeper.</summary>
    public void DiscardAtOnce(long offset, long length)
    {
        CheckInside(offset, length);
        if (OperatingSystem.IsLinux()) _ = madvise(_start + offset, (nuint)length, Advice.DontNeed);
    }

    /// <summary>Lets the system back these addresses with pages of 2 MiB.</summary>
    public void PreferHugePages(long offset, long length) => Advise(offset, length, Advice.HugePage);

    /// <summary>
    /// Moves the memory of pages to other addresses of this range without copying; the old ones read as zero.
    /// False when the system cannot (before Linux 5.7, or too many mappings): the caller copies.
    /// </summary>
    public bool TryMove(long from, long to, long length)
    {
        CheckInside(from, length);
        CheckInside(to, length);
        if (!OperatingSystem.IsLinux()) return false;
        const int flags = Remap.MayMove | Remap.Fixed | Remap.DontUnmap;
        void* moved = mremap(_start + from, (nuint)length, (nuint)length, flags, _start + to);
        return moved == _start + to;
    }

    /// <summary>
    /// Maps pages afresh: as <see cref="Discard"/>, and the mapping of its own that a move has left there becomes one
    /// with its neighbours again (a process may have 65,530).
    /// </summary>
    public void Renew(long offset, long length)
    {
        CheckInside(offset, length);
        if (!OperatingSystem.IsLinux()) return;
        lock (_mapping)
        {
            if (_bytes == 0) return;
            void* mapped = mmap(_start + offset, (nuint)length, Protection.ReadWrite, Mapping.Reserved | Mapping.Fixed, -1, 0);
            if (mapped != _start + offset) _ = madvise(_start + offset, (nuint)length, Advice.DontNeed);
        }
    }

    /// <summary>Bytes of this range as memory for a socket or a file; the action runs once, when it is disposed.</summary>
    public IMemoryOwner<byte> Lend(long offset, int length, Action<BlockRef, int> returned, BlockRef block)
    {
        CheckInside(offset, length);
        return new LentMemory(this, offset, length, returned, block);
    }

    /// <summary>Has the C library give back what lies free in its heap; where it has no such call (musl), nothing happens.</summary>
    public static void TrimNativeHeap()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // It keeps nothing worth the asking.
        }
    }

    public void Dispose()
    {
        lock (_mapping)
        {
            if (_bytes == 0) return;
            _bytes = 0;
            if (OperatingSystem.IsLinux()) _ = munmap(_start, _reservedBytes);
            else NativeMemory.Free(_start);
            _start = null;
        }
    }

    private static byte* Reserve(ref long bytes)
    {
        for (; bytes >= SmallestReservationBytes; bytes /= 2)
        {
            void* start = mmap(null, (nuint)bytes, Protection.ReadWrite, Mapping.Reserved, -1, 0);
            if (start != Mapping.Failed) return (byte*)start;
        }

        throw new InsufficientMemoryException("The system gives no address space for the arena.");
    }

    private void Advise(long offset, long length, int advice)
    {
        CheckInside(offset, length);
        if (!OperatingSystem.IsLinux()) return;
        lock (_mapping)
        {
            // Refused advice (EINVAL before Linux 5.14 for PopulateWrite) costs faults or memory, never correctness.
            if (_bytes != 0) _ = madvise(_start + offset, (nuint)length, advice);
        }
    }

    private void CheckInside(long offset, long length)
    {
        if (offset < 0 || length < 0 || (nuint)(ulong)(offset + length) > _reservedBytes) ThrowOutside();
    }

    private static void ThrowOutside() => throw new InvalidOperationException("An address outside the arena's range.");

    private static class Protection
    {
        public const int ReadWrite = 1 | 2;
    }

    private static class Mapping
    {
        public const int Fixed = 0x10;
        public const int Reserved = 0x02 /* private */ | 0x20 /* anonymous */ | 0x4000 /* no reserve */;
        public static readonly void* Failed = (void*)-1;
    }

    private static class Remap
    {
        public const int MayMove = 1;
        public const int Fixed = 2;
        public const int DontUnmap = 4;
    }

    private static class Advice
    {
        public const int DontNeed = 4;
        public const int HugePage = 14;
        public const int PopulateWrite = 23;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mremap(void* address, nuint length, nuint newLength, int flags, void* newAddress);

    private sealed class LentMemory(PageSource source, long offset, int length, Action<BlockRef, int> returned, BlockRef block)
        : MemoryManager<byte>
    {
        private int _isReturned;

        public override Span<byte> GetSpan() => source.Span(offset, length);

        // The range never moves, so there is nothing to pin and nothing to unpin.
        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
            return new MemoryHandle(source._start + offset + elementIndex);
        }

        public override void Unpin() { }

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0) returned(block, length);
        }
    }
}
