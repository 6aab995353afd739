using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Galley.Resp.Protocol;

/// <summary>The place of a length that is written when it is known.</summary>
public readonly record struct Deferred(int Chunk, int Offset);

/// <summary>
/// Lengths that come last. A hole is left for the header, and the header is written to the hole's end, so that what
/// follows need not move; the rest of the hole is never sent:
/// <code>
///   | before, closed |  hole, 24 bytes   ~2\r\n | elements, a new run ...
/// </code>
/// When the elements are few bytes they are moved down instead, which saves a segment in the call that sends.
/// </summary>
public sealed partial class OutputBuffer
{
    /// <summary>A type byte, 20 digits and CR LF, rounded up.</summary>
    private const int HoleBytes = 24;

    private const int MovedBytesMax = 512;

    internal Deferred BeginDeferred()
    {
        GetSpan(HoleBytes);
        CloseRun(null);
        var hole = new Deferred(_pieceCount, _at);
        _at += HoleBytes;
        _begin = _at;
        return hole;
    }

    internal void EndDeferred(Deferred hole, ReadOnlySpan<byte> header)
    {
        Debug.Assert(header.Length <= HoleBytes && hole.Chunk <= _pieceCount);
        if (hole.Chunk < _pieceCount) EndClosed(ref _pieces[hole.Chunk], header);
        else if (_at - _begin > MovedBytesMax) PutBefore(_chunk, ref _begin, header);
        else EndMoved(hole, header);
    }

    private void EndClosed(ref OutputPiece piece, ReadOnlySpan<byte> header)
    {
        MemoryMarshal.TryGetArray(piece.Bytes, out ArraySegment<byte> run);
        int begin = run.Offset;
        PutBefore(run.Array!, ref begin, header);
        piece.Bytes = run.Array.AsMemory(begin, run.Count + header.Length);
        _closedBytes += header.Length;
    }

    private static void PutBefore(byte[] chunk, ref int begin, ReadOnlySpan<byte> header)
    {
        begin -= header.Length;
        header.CopyTo(chunk.AsSpan(begin));
    }

    /// <summary>Fills the hole from its front, moves the elements up to it, and joins them with the run before.</summary>
    private void EndMoved(Deferred hole, ReadOnlySpan<byte> header)
    {
        Span<byte> elements = _chunk.AsSpan(_begin, _at - _begin);
        header.CopyTo(_chunk.AsSpan(hole.Offset));
        elements.CopyTo(_chunk.AsSpan(hole.Offset + header.Length));
        _begin = hole.Offset;
        _at = hole.Offset + header.Length + elements.Length;
        if (_pieceCount == 0) return;

        ref OutputPiece before = ref _pieces[_pieceCount - 1];
        if (before.IsShared || before.Release is not null || before.Ticket != _openTicket) return;
        MemoryMarshal.TryGetArray(before.Bytes, out ArraySegment<byte> run);
        if (run.Array != _chunk || run.Offset + run.Count != hole.Offset) return;
        _begin = run.Offset;
        _closedBytes -= run.Count;
        _pieceCount--;
    }
}
