using System.Buffers;
using Galley.Store.Configuration;

namespace Galley.Api.WebSockets;

/// <summary>
/// Writes what waits for one socket into its stream: as many small frames as fit in one write, of a large one the shared
/// bytes as they are. It has a buffer only while it sends.
/// </summary>
internal sealed class Sender : IThreadPoolWorkItem
{
    private const int BufferBytes = 8 * 1024;

    private readonly Stream _stream;
    private byte[] _buffer = [];
    private int _used;

    public Sender(Stream stream, Settings settings)
    {
        _stream = stream;
        Queue = new SendQueue(settings, () => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false));
    }

    public SendQueue Queue { get; }

    void IThreadPoolWorkItem.Execute() => _ = SendAsync();

    private async Task SendAsync()
    {
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        _used = 0;
        byte[] rented = _buffer;
        try
        {
            while (Queue.TryTake(BufferBytes, out SendBatch batch))
            {
                await WriteAsync(batch);
                await FlushAsync();
                if (batch.Ending is not null) Queue.Finish();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer is gone, or was cut off.
            Queue.Abandon();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask WriteAsync(SendBatch batch)
    {
        if (batch.Pong is { } pong) await WriteAsync(Opcode.Pong, pong);
        if (batch.Ping) await WriteAsync(Opcode.Ping, ReadOnlyMemory<byte>.Empty);
        for (QueuedFrame? frame = batch.First; frame is not null; frame = frame.Next)
        {
            if (FrameHeader.SentBytesMax + frame.Bytes <= BufferBytes) await WriteSmallAsync(frame);
            else await WriteLargeAsync(frame);
        }
        if (batch.Ending is { } ending) await WriteAsync(Opcode.Close, ClosePayload.Of(ending));
    }

    private async ValueTask WriteAsync(Opcode opcode, ReadOnlyMemory<byte> payload)
    {
        await DemandAsync(FrameHeader.SentBytesMax + payload.Length);
        _used += FrameHeader.Write(_buffer.AsSpan(_used), opcode, payload.Length);
        Put(payload);
    }

    private async ValueTask WriteSmallAsync(QueuedFrame frame)
    {
        await DemandAsync(FrameHeader.SentBytesMax + frame.Bytes);
        _used += FrameHeader.Write(_buffer.AsSpan(_used), Opcode.Text, frame.Bytes);
        Put(frame.Head);
        Put(frame.Body);
        _used += frame.WriteTail(_buffer.AsSpan(_used));
    }

    private async ValueTask WriteLargeAsync(QueuedFrame frame)
    {
        await DemandAsync(FrameHeader.SentBytesMax);
        _used += FrameHeader.Write(_buffer.AsSpan(_used), Opcode.Text, frame.Bytes);
        await WriteAsync(frame.Head);
        await WriteAsync(frame.Body);
        await DemandAsync(QueuedFrame.TailBytesMax);
        _used += frame.WriteTail(_buffer.AsSpan(_used));
    }

    /// <summary>Bytes of any length: into the buffer, or past it.</summary>
    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await DemandAsync(bytes.Length);
        if (bytes.Length <= _buffer.Length - _used) Put(bytes);
        else await _stream.WriteAsync(bytes);
    }

    private void Put(ReadOnlyMemory<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsMemory(_used));
        _used += bytes.Length;
    }

    /// <summary>Makes room for so many bytes, if the buffer can have it.</summary>
    private async ValueTask DemandAsync(int bytes)
    {
        if (_buffer.Length - _used < bytes) await FlushAsync();
    }

    private async ValueTask FlushAsync()
    {
        if (_used == 0) return;
        int used = _used;
        _used = 0;
        await _stream.WriteAsync(_buffer.AsMemory(0, used));
    }
}
