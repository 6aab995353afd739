using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Galley.Store.Types;

/// <summary>
/// LZF, the compression of strings in RDB files and of the inner nodes of lists: fast, and worth while for text that
/// repeats itself.
/// <code>
///   000lllll  l + 1 bytes                       so many bytes as they are, 1 to 32
///   lllooooo  oooooooo                          l + 2 bytes, 3 to 8, again from o + 1 bytes ago
///   111ooooo  llllllll oooooooo                 l + 9 bytes, 9 to 264, again from o + 1 bytes ago
/// </code>
/// The bytes are those that redis-server's own copy of the library writes. A compressor keeps a table of 256 KiB; one
/// is used again and again, and clears nothing in between: places of former texts lie before the present one's.
/// </summary>
public sealed class Lzf
{
    private const int LiteralsMax = 32;
    private const int DistanceMax = 1 << 13;
    private const int RepeatMax = 264;

    /// <summary>The shortest repeat, which is also what is hashed.</summary>
    private const int RepeatMin = 3;

    private const int HashBits = 16;

    /// <summary>Repeats of so much more than the shortest are looked at byte by byte without asking for the end.</summary>
    private const int UncheckedBytes = 16;

    /// <summary>Where each hash was met last, counted from the first byte that this object ever saw.</summary>
    private readonly int[] _places = new int[1 << HashBits];

    private int _base;
    private int _length;

    /// <summary>
    /// Compresses the text into the room; returns the bytes that it takes, or 0 where the room is too small. Whoever
    /// wants it to be worth while gives less room than the text is long.
    /// </summary>
    public int Compress(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (text.Length < RepeatMin || room.IsEmpty) return 0;
        Begin(text.Length);
        int at = 0, to = 1, literals = 0;
        while (at < text.Length - 2)
        {
            int distance = Look(text, at);
            if (distance < 0)
            {
                if (to >= room.Length) return 0;
                room[to++] = text[at++];
                if (++literals == LiteralsMax) EndLiterals(room, ref to, ref literals);
                continue;
            }
            if (to - (literals == 0 ? 1 : 0) + 4 >= room.Length) return 0;
            CloseLiterals(room, ref to, literals);
            int length = LengthOf(text, at, distance);
            WriteRepeat(room, ref to, length, distance);
            literals = 0;
            to++;
            at += length;
            if (at >= text.Length - 2) break;
            // The last two places of the repeat are remembered; those within are not, for speed.
            Remember(text, at - 2);
            Remember(text, at - 1);
        }
        if (to + 3 > room.Length) return 0;
        while (at < text.Length)
        {
            room[to++] = text[at++];
            if (++literals == LiteralsMax) EndLiterals(room, ref to, ref literals);
        }
        CloseLiterals(room, ref to, literals);
        return to;
    }

    /// <summary>How long the text is expanded, or -1 where the bytes are cut off: asked before room is made for it.</summary>
    public static long ExpandedLength(ReadOnlySpan<byte> compressed)
    {
        long length = 0;
        for (int at = 0; at < compressed.Length;)
        {
            int head = compressed[at++];
            if (head < LiteralsMax)
            {
                length += head + 1;
                at += head + 1;
                continue;
            }
            length += (head >> 5) + 2;
            if (head >> 5 == 7 && at < compressed.Length) length += compressed[at++];
            at++;
            if (at > compressed.Length) return -1;
        }
        return length;
    }

    /// <summary>Expands into the whole of the room; false where the bytes are not a text of that length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryExpand(ReadOnlySpan<byte> compressed, Span<byte> room)
    {
        int to = 0;
        for (int at = 0; at < compressed.Length;)
        {
            int head = compressed[at++];
            if (head < LiteralsMax)
            {
                int count = head + 1;
                if (count > compressed.Length - at || count > room.Length - to) return false;
                if (compressed.Length - at >= LiteralsMax && room.Length - to >= LiteralsMax)
                    // All that a run may be is copied at once; what is too much is written over by what follows.
                    Vector256.Create(compressed[at..]).CopyTo(room[to..]);
                else compressed.Slice(at, count).CopyTo(room[to..]);
                at += count;
                to += count;
                continue;
            }
            int length = head >> 5;
            if (length == 7)
            {
                if (at == compressed.Length) return false;
                length += compressed[at++];
            }
            if (at == compressed.Length) return false;
            int from = to - (((head & 0x1F) << 8) | compressed[at++]) - 1;
            length += 2;
            if (from < 0 || length > room.Length - to) return false;
            Repeat(room, from, to, length);
            to += length;
        }
        return to == room.Length;
    }

    /// <summary>Copies what lies before to behind it; the two may overlap, and the copy then repeats itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Repeat(Span<byte> room, int from, int to, int length)
    {
        if (length <= sizeof(ulong) && to - from >= sizeof(ulong) && room.Length - to >= sizeof(ulong))
        {
            // The commonest are short: eight bytes at once, of which those that are too many are written over.
            BinaryPrimitives.WriteUInt64LittleEndian(room[to..], BinaryPrimitives.ReadUInt64LittleEndian(room[from..]));
            return;
        }
        RepeatSlow(room, from, to, length);
    }

    private static void RepeatSlow(Span<byte> room, int from, int to, int length)
    {
        if (from + length <= to)
        {
            room.Slice(from, length).CopyTo(room[to..]);
            return;
        }
        for (int i = 0; i < length; i++) room[to + i] = room[from + i];
    }

    /// <summary>Counts on from the end of the text before; what was remembered of it is too far away then.</summary>
    private void Begin(int length)
    {
        long next = (long)_base + _length + DistanceMax + 1;
        _length = length;
        if (next + length > int.MaxValue)
        {
            Array.Clear(_places);
            next = 1;
        }
        _base = (int)next;
    }

    /// <summary>How far back the three bytes at this place were met, less one, or -1; and remembers the place.</summary>
    private int Look(ReadOnlySpan<byte> text, int at)
    {
        ref int place = ref _places[HashOf(text, at)];
        int from = place - _base;
        place = _base + at;
        int distance = at - from - 1;
        // As in the library, the very first byte is not repeated from.
        if (from <= 0 || distance >= DistanceMax) return -1;
        return text.Slice(from, RepeatMin).SequenceEqual(text.Slice(at, RepeatMin)) ? distance : -1;
    }

    private void Remember(ReadOnlySpan<byte> text, int at) => _places[HashOf(text, at)] = _base + at;

    private static int HashOf(ReadOnlySpan<byte> text, int at)
    {
        uint three = (uint)((text[at] << 16) | BinaryPrimitives.ReadUInt16BigEndian(text[(at + 1)..]));
        return (int)(((three >> (24 - HashBits)) - three * 5) & ((1 << HashBits) - 1));
    }

    /// <summary>How many bytes repeat, in the steps of the library, which may go two beyond its own limit near the end.</summary>
    private static int LengthOf(ReadOnlySpan<byte> text, int at, int distance)
    {
        ReadOnlySpan<byte> now = text[at..];
        ReadOnlySpan<byte> before = text[(at - distance - 1)..];
        int max = Math.Min(now.Length - 2, RepeatMax);
        int length = 2;
        if (max > UncheckedBytes)
        {
            for (int i = 0; i < UncheckedBytes; i++)
                if (before[++length] != now[length]) return length;
        }
        do length++;
        while (length < max && before[length] == now[length]);
        return length;
    }

    private static void WriteRepeat(Span<byte> room, ref int to, int length, int distance)
    {
        int coded = length - 2;
        room[to++] = (byte)((distance >> 8) | (Math.Min(coded, 7) << 5));
        if (coded >= 7) room[to++] = (byte)(coded - 7);
        room[to++] = (byte)distance;
    }

    /// <summary>A run of literals is full: its length is written, and another begins.</summary>
    private static void EndLiterals(Span<byte> room, ref int to, ref int literals)
    {
        room[to - literals - 1] = (byte)(literals - 1);
        literals = 0;
        to++;
    }

    /// <summary>Writes the length of a run of literals before it, or takes back the room for one where there are none.</summary>
    private static void CloseLiterals(Span<byte> room, ref int to, int literals)
    {
        if (literals == 0) to--;
        else room[to - literals - 1] = (byte)(literals - 1);
    }
}
