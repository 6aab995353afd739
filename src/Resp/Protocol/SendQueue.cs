using System.Diagnostics;

namespace Galley.Resp.Protocol;

/// <summary>
/// What was detached from an output and is being sent: a ring of pieces, touched by the sending side only. A piece
/// whose ticket is not released holds all that follow it, for replies leave in order.
/// </summary>
internal sealed class SendQueue
{
    private const int PiecesKeptMax = 64;

    private OutputPiece[] _pieces = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The bytes to send next; the queue must not be empty.</summary>
    public ReadOnlyMemory<byte> First => _pieces[_first].Bytes;

    public void Enqueue(in OutputPiece piece)
    {
        if (Count == _pieces.Length) Grow();
        _pieces[(_first + Count) & (_pieces.Length - 1)] = piece;
        Count++;
    }

    /// <summary>How many pieces from the first on may be sent, up to <paramref name="max"/>.</summary>
    public int CountReleased(long released, int max)
    {
        int count = 0;
        while (count < Count && count < max && this[count].Ticket <= released) count++;
        return count;
    }

    /// <summary>The bytes of the piece at an index from the first on.</summary>
    public ReadOnlyMemory<byte> BytesAt(int index) => this[index].Bytes;

    /// <summary>Frees what was sent, empty pieces at the front included, and shortens the piece that was sent in part.</summary>
    public void Consume(long count)
    {
        while (Count > 0)
        {
            ref OutputPiece first = ref _pieces[_first];
            if (count < first.Bytes.Length)
            {
                first.Bytes = first.Bytes[(int)count..];
                return;
            }
            count -= first.Bytes.Length;
            RemoveFirst();
            if (count == 0 && (Count == 0 || First.Length > 0)) break;
        }
        Debug.Assert(count == 0);
        if (Count == 0 && _pieces.Length > PiecesKeptMax) _pieces = [];
    }

    /// <summary>Frees everything unsent and returns its bytes.</summary>
    public long Drop()
    {
        long dropped = 0;
        while (Count > 0)
        {
            dropped += First.Length;
            RemoveFirst();
        }
        return dropped;
    }

    private ref OutputPiece this[int index] => ref _pieces[(_first + index) & (_pieces.Length - 1)];

    private void RemoveFirst()
    {
        _pieces[_first].Free();
        _first = (_first + 1) & (_pieces.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var larger = new OutputPiece[Math.Max(2, _pieces.Length * 2)];
        for (int i = 0; i < Count; i++) larger[i] = this[i];
        _pieces = larger;
        _first = 0;
    }
}
