using System.Buffers;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Rdb;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Persistence.Rdb;

/// <content>
/// Long strings, piece by piece. Pieces are compressed each for itself, which readers do not see: one behind the other they are a
/// compressed text, because what a piece repeats is in it, too. How long that is stands before it, so the compressed ones wait;
/// where they would be too many, the string is written as it is.
/// </content>
internal sealed partial class RdbFileWriter
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>No more compressed bytes of one string wait in memory.</summary>
    private const long CompressedBytesMax = 16 << 20;

    /// <summary>Where so much was tried, it must have become shorter by a sixteenth.</summary>
    private const int TriedBytes = 256 * 1024;

    /// <summary>What a run of literals, or a text without repeats, takes more.</summary>
    private const int LiteralsMax = 32;

    private readonly byte[] _lzfRoom = new byte[PieceBytes + PieceBytes / LiteralsMax + LiteralsMax];
    private Lzf? _lzf;

    /// <summary>This entry's string is lent to the file, which writes it in turns.</summary>
    public IHugeValue BeginText(int databaseId, in SnapshotEntry entry, IMemoryOwner<byte> text)
    {
        var head = new HeldOutput(_held);
        WriteTo(head);
        WriteHead(in entry);
        WriteKey(_writer, in entry);
        return new HugeText(this, databaseId, head, text);
    }

    private ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> piece)
    {
        _lzf ??= new Lzf();
        int length = _lzf.Compress(piece, _lzfRoom);
        if (length > 0) return _lzfRoom.AsSpan(0, length);
        // Too short for a repeat: literals.
        _lzfRoom[0] = (byte)(piece.Length - 1);
        piece.CopyTo(_lzfRoom.AsSpan(1));
        return _lzfRoom.AsSpan(0, 1 + piece.Length);
    }

    private sealed class HugeText(RdbFileWriter file, int databaseId, HeldOutput head, IMemoryOwner<byte> text) : IHugeValue
    {
        private readonly int _length = text.Memory.Length;

        /// <summary>Null where it is written as it is.</summary>
        private HeldOutput? _compressed = file._server.Settings.RdbCompression ? new HeldOutput(file._held) : null;

        private int _at;

        public bool TryOpen()
        {
            if (_compressed is not null && _at < _length)
            {
                CompressNext(_compressed);
                return false;
            }
            file.Open(this, databaseId);
            if (!file.TryRelease(head)) return false;
            _at = 0;
            if (_compressed is null) file._writer.Length(_length);
            else file._writer.CompressedHead(_compressed.Bytes, _length);
            return true;
        }

        public void Take(ReadOnlySpan<BlockRef> elements, bool areInOrder) =>
            throw new System.Diagnostics.UnreachableException("A string has no elements.");

        public bool TryEnd()
        {
            bool isWhole = _compressed is null ? TryEndPlain() : file.TryRelease(_compressed);
            if (!isWhole) return false;
            file.Close();
            text.Dispose();
            return true;
        }

        public void Drop() => text.Dispose();

        private bool TryEndPlain()
        {
            file.WriteTo(file._output);
            file._writer.Raw(TakePiece());
            return _at == _length;
        }

        private void CompressNext(HeldOutput compressed)
        {
            compressed.Write(file.Compress(TakePiece()));
            bool gains = _at < TriedBytes || compressed.Bytes < _at - _at / 16;
            if (gains && compressed.Bytes <= CompressedBytesMax && (_at < _length || compressed.Bytes < _length)) return;
            compressed.Clear();
            _compressed = null;
        }

        private ReadOnlySpan<byte> TakePiece()
        {
            ReadOnlySpan<byte> piece = text.Memory.Span.Slice(_at, Math.Min(PieceBytes, _length - _at));
            _at += piece.Length;
            return piece;
        }
    }
}
