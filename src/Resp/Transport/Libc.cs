using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Galley.Resp.Protocol;

namespace Galley.Resp.Transport;

/// <summary>
/// The calls of libc that the reactor makes, and those of <see cref="UnixProcess"/>; the only raw pointers of this project.
/// Each takes spans, pins them for the length of the call, and returns what the call returned or the negated errno.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AddressFamilyUnix = 1;
    public const int AddressFamilyIPv4 = 2;
    public const int AddressFamilyIPv6 = 10;

    public const int Interrupted = -4;
    public const int Again = -11;
    public const int OutOfMemory = -12;
    public const int FileTableFull = -23;
    public const int TooManyFiles = -24;
    public const int NoBuffers = -105;
    public const int ProtocolNotSupported = -93;
    public const int FamilyNotSupported = -97;
    public const int AddressNotAvailable = -99;

    public const int LevelSocket = 1;
    public const int LevelTcp = 6;
    public const int LevelIPv6 = 41;
    public const int OptionReuseAddress = 2;
    public const int OptionKeepAlive = 9;
    public const int OptionTcpNoDelay = 1;
    public const int OptionTcpKeepIdle = 4;
    public const int OptionTcpKeepInterval = 5;
    public const int OptionTcpKeepCount = 6;
    public const int OptionTcpCongestion = 13;
    public const int OptionIPv6Only = 26;

    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;

    /// <summary>Room for any socket address: that of a Unix socket is 110 bytes.</summary>
    public const int AddressBytesMax = 128;

    /// <summary>Segments of one <see cref="SendMany"/>.</summary>
    public const int SegmentsMax = 16;

    private const int StreamSocket = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int ProcessPriority = 0;
    private const int SetTimerSlack = 29;
    private const int ReadWrite = 2;
    private const int ShutdownBoth = 2;

    private static readonly bool EventIsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Bytes of one <c>struct epoll_event</c>, which is packed on x86-64 only.</summary>
    public static int EventBytes => EventIsPacked ? 12 : 16;

    /// <summary>Where the descriptor lies in it.</summary>
    public static int EventDataOffset => EventIsPacked ? 4 : 8;

    public static string Message(int negatedErrno) => Marshal.GetPInvokeErrorMessage(-negatedErrno);

    public static int EpollCreate() => Result(epoll_create1(CloseOnExec));

    public static int EpollControl(int epoll, int operation, int descriptor, uint events)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = events;
        *(ulong*)(change + EventDataOffset) = (uint)descriptor;
        return Result(epoll_ctl(epoll, operation, descriptor, change));
    }

    public static int EpollWait(int epoll, Span<byte> events, int timeoutMs)
    {
        fixed (byte* first = events) return Result(epoll_wait(epoll, first, events.Length / EventBytes, timeoutMs));
    }

    public static int EventDescriptor() => Result(eventfd(0, NonBlocking | CloseOnExec));

    /// <summary>Adds one to the counter of an event descriptor, which wakes who waits for it.</summary>
    public static int Signal(int eventDescriptor)
    {
        ulong one = 1;
        return Result((int)write(eventDescriptor, (byte*)&one, sizeof(ulong)));
    }

    public static int Socket(int family) => Result(socket(family, StreamSocket | NonBlocking | CloseOnExec, 0));

    public static int SetOption(int descriptor, int level, int option, int value) =>
        Result(setsockopt(descriptor, level, option, &value, sizeof(int)));

    public static int SetOption(int descriptor, int level, int option, ReadOnlySpan<byte> value)
    {
        fixed (byte* first = value) return Result(setsockopt(descriptor, level, option, first, (uint)value.Length));
    }

    public static int Bind(int descriptor, ReadOnlySpan<byte> address)
    {
        fixed (byte* first = address) return Result(bind(descriptor, first, (uint)address.Length));
    }

    public static int Listen(int descriptor, int backlog) => Result(listen(descriptor, backlog));

    /// <summary>Ends a connection both ways; a listening socket keeps its address, and refuses who comes.</summary>
    public static int Shutdown(int descriptor) => Result(shutdown(descriptor, ShutdownBoth));

    public static int Accept(int listener, Span<byte> address, out int addressLength)
    {
        uint length = (uint)address.Length;
        int result;
        fixed (byte* first = address) result = Result(accept4(listener, first, &length, NonBlocking | CloseOnExec));
        addressLength = (int)Math.Min(length, (uint)address.Length);
        return result;
    }

    public static int SocketName(int descriptor, Span<byte> address, out int addressLength)
    {
        uint length = (uint)address.Length;
        int result;
        fixed (byte* first = address) result = Result(getsockname(descriptor, first, &length));
        addressLength = (int)Math.Min(length, (uint)address.Length);
        return result;
    }

    public static int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* first = buffer) return Result((int)recv(descriptor, first, (nuint)buffer.Length, 0));
    }

    public static int Send(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes) return Result((int)send(descriptor, first, (nuint)bytes.Length, NoSignal));
    }

    /// <summary>Sends the first <paramref name="count"/> pieces of a queue in one call.</summary>
    public static int SendMany(int descriptor, SendQueue queue, int count)
    {
        Segment* segments = stackalloc Segment[SegmentsMax];
        Pins pins = default;
        count = Math.Min(count, SegmentsMax);
        for (int i = 0; i < count; i++)
        {
            ReadOnlyMemory<byte> bytes = queue.BytesAt(i);
            pins[i] = bytes.Pin();
            segments[i] = new Segment { Base = pins[i].Pointer, Length = (nuint)bytes.Length };
        }
        var message = new Message64 { Segments = segments, SegmentCount = (nuint)count };
        int result = Result((int)sendmsg(descriptor, &message, NoSignal));
        for (int i = 0; i < count; i++) pins[i].Dispose();
        return result;
    }

    public static int Close(int descriptor) => Result(close(descriptor));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Result(int returned) => returned < 0 ? -Marshal.GetLastPInvokeError() : returned;

    [InlineArray(SegmentsMax)]
    private struct Pins
    {
        private MemoryHandle _first;
    }

    /// <summary><c>struct iovec</c></summary>
    private struct Segment
    {
        public void* Base;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c> of 64-bit systems; the padding is that of the C compiler.</summary>
    private struct Message64
    {
        public void* Name;
        public uint NameLength;
        public Segment* Segments;
        public nuint SegmentCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>Sleeps for less than a second.</summary>
    public static void Nap(int nanoseconds)
    {
        var duration = new Timespec { Nanoseconds = nanoseconds };
        _ = nanosleep(&duration, null);
    }

    /// <summary>Lets this thread's timers fire on time: by default the kernel may be 50 us late.</summary>
    public static void SharpenTimers() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>How nice the calling thread is to others, from -20 to 19. Linux alone: elsewhere it is the whole process.</summary>
    public static int SetNiceness(int niceness) => Result(setpriority(ProcessPriority, 0, niceness));

    public static int BeginSession() => Result(setsid());

    /// <summary>Opens a file for reading and writing; the path ends with a zero byte.</summary>
    public static int Open(ReadOnlySpan<byte> path)
    {
        fixed (byte* first = path) return Result(open(first, ReadWrite));
    }

    /// <summary>Makes <paramref name="copy"/> another name of the descriptor, closing what it was.</summary>
    public static int Duplicate(int descriptor, int copy) => Result(dup2(descriptor, copy));

    /// <summary>What the kernel does by itself is done again at this signal: it is no longer ignored.</summary>
    public static void RestoreDefault(int signalNumber) => _ = signal(signalNumber, 0);

    /// <summary>Sends this process a signal.</summary>
    public static void Raise(int signalNumber) => _ = kill(getpid(), signalNumber);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int niceness);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int descriptor, int copy);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [LibraryImport("libc")]
    private static partial int kill(int process, int number);

    [LibraryImport("libc")]
    private static partial int getpid();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int descriptor, int level, int option, void* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(int descriptor, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(int descriptor, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(int listener, byte* address, uint* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockname(int descriptor, byte* address, uint* length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int descriptor, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int descriptor, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(int descriptor, Message64* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int nanosleep(Timespec* duration, Timespec* left);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument, nuint unused3, nuint unused4, nuint unused5);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
