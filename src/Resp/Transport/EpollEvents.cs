using System.Buffers.Binary;

namespace Galley.Resp.Transport;

/// <summary>What epoll reports, and the buffer it reports into.</summary>
internal sealed class EpollEvents
{
    public const uint Readable = 0x1;
    public const uint Writable = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint PeerEnded = 0x2000;

    /// <summary>Of several epoll instances that wait for a descriptor, one is woken.</summary>
    public const uint Exclusive = 1u << 28;

    /// <summary>Reported once for each change, and not as long as it lasts.</summary>
    public const uint Edge = 1u << 31;

    private const int CountMax = 512;

    private readonly byte[] _buffer = new byte[CountMax * Libc.EventBytes];
    private readonly int _stride = Libc.EventBytes;
    private readonly int _dataOffset = Libc.EventDataOffset;

    public int Wait(int epoll, int timeoutMs) => Libc.EpollWait(epoll, _buffer, timeoutMs);

    public uint Get(int index, out int descriptor)
    {
        ReadOnlySpan<byte> one = _buffer.AsSpan(index * _stride, _stride);
        descriptor = (int)BinaryPrimitives.ReadUInt32LittleEndian(one[_dataOffset..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(one);
    }
}
