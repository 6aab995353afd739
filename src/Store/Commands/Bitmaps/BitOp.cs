using System.Buffers;
using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

internal static class BitOp
{
    private const int TargetArgument = 2;
    private const int FirstSource = 3;

    /// <summary>The result is made in pieces that stay in the processor's cache while one source after the other is worked in.</summary>
    private const int PieceBytes = 16 * 1024;

    private enum Operation : byte
    {
        And,
        Or,
        Xor,
        Not,
        Diff,
        Diff1,
        AndOr,
        One,
    }

    [Command("BITOP", "(AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE) destkey:key key [key ...]", Group.Bitmap,
        Flags.Write | Flags.DenyOom, Since = "2.6.0", Cost = "O(N) in the lengths of the sources", Keys = "OW UPDATE; RO ACCESS",
        Summary = "Combines the bits of string values, the shorter ones with zeros added, and stores the result.")]
    public static void Combine(Execution x)
    {
        if (!TryReadOperation(x, out Operation operation) || !TryMeasure(x, out int length)) return;
        Key target = x.Write(TargetArgument);
        if (length == 0)
        {
            if (target.Delete()) x.Changed(in target, EventClass.Generic, "del"u8);
            x.Reply.Integer(0);
            return;
        }
        x.Replaces(in target, KeyType.String);
        // A target of the same length is written over: no pages are given back, and none asked for.
        if (target.Exists && target.Type == KeyType.String && target.String.Length == length)
        {
            Write(x, operation, target.EditString(length));
            if (target.ExpiresAtMs >= 0) target.SetExpiry(-1);
        }
        else
        {
            StringDraft draft = target.Draft(length);
            Write(x, operation, draft.Bytes);
            target.PutDraft(in draft, expiresAtMs: -1);
        }
        x.Changed(in target, EventClass.String, "set"u8);
        x.Reply.Integer(length);
    }

    /// <summary>Makes the result piece by piece. It may lie where a source does, whose piece has been read by then.</summary>
    private static void Write(Execution x, Operation operation, Span<byte> result)
    {
        byte[] pieces = ArrayPool<byte>.Shared.Rent(2 * PieceBytes);
        for (int at = 0; at < result.Length; at += PieceBytes)
        {
            int length = Math.Min(PieceBytes, result.Length - at);
            Span<byte> piece = pieces.AsSpan(0, length);
            if (operation == Operation.One) FillWithOne(x, piece, pieces.AsSpan(PieceBytes, length), at);
            else Fill(x, operation, piece, at);
            piece.CopyTo(result[at..]);
        }
        ArrayPool<byte>.Shared.Return(pieces);
    }

    private static bool TryReadOperation(Execution x, out Operation operation)
    {
        for (operation = Operation.And; operation <= Operation.One; operation++)
            if (x.Is(1, NameOf(operation))) return HasItsSources(x, operation);
        x.Reply.Error(Errors.Syntax);
        return false;
    }

    private static ReadOnlySpan<byte> NameOf(Operation operation) => operation switch
    {
        Operation.And => "AND"u8,
        Operation.Or => "OR"u8,
        Operation.Xor => "XOR"u8,
        Operation.Not => "NOT"u8,
        Operation.Diff => "DIFF"u8,
        Operation.Diff1 => "DIFF1"u8,
        Operation.AndOr => "ANDOR"u8,
        _ => "ONE"u8,
    };

    private static bool HasItsSources(Execution x, Operation operation)
    {
        int sources = x.Args.Count - FirstSource;
        if (operation == Operation.Not && sources != 1)
        {
            x.Reply.Error("ERR BITOP NOT must be called with a single source key."u8);
            return false;
        }
        if (operation is Operation.Diff or Operation.Diff1 or Operation.AndOr && sources < 2)
        {
            x.Reply.Error(
                [.. "ERR BITOP "u8, .. NameOf(operation), .. " must be called with at least two source keys."u8]);
            return false;
        }
        return true;
    }

    /// <summary>The length of the longest source, or replies that one is no string.</summary>
    private static bool TryMeasure(Execution x, out int length)
    {
        length = 0;
        for (int i = FirstSource; i < x.Args.Count; i++)
        {
            if (!BitArgument.TryRead(x, i, out Key source)) return false;
            length = Math.Max(length, source.String.Length);
        }
        return true;
    }

    private static void Fill(Execution x, Operation operation, Span<byte> piece, int at)
    {
        // What X has and others have not, or some have: the others come first, and X last.
        bool beginsWithOthers = operation is Operation.Diff1 or Operation.AndOr;
        int first = beginsWithOthers ? FirstSource + 1 : FirstSource;
        Operation each = beginsWithOthers ? Operation.Or : operation;
        Copy(Part(x, first, at, piece.Length), piece);
        for (int i = first + 1; i < x.Args.Count; i++) Apply(each, piece, Part(x, i, at, piece.Length));
        if (operation == Operation.Not) Bitwise.Not(piece);
        if (operation == Operation.AndOr) Apply(Operation.And, piece, Part(x, FirstSource, at, piece.Length));
        if (operation == Operation.Diff1) Apply(Operation.Diff, piece, Part(x, FirstSource, at, piece.Length));
    }

    /// <summary>Bits that are set in exactly one source.</summary>
    private static void FillWithOne(Execution x, Span<byte> piece, Span<byte> several, int at)
    {
        piece.Clear();
        several.Clear();
        for (int i = FirstSource; i < x.Args.Count; i++)
        {
            ReadOnlySpan<byte> part = Part(x, i, at, piece.Length);
            Bitwise.Collect(piece[..part.Length], several[..part.Length], part);
        }
        Bitwise.Except(piece, several);
    }

    /// <summary>Works in a source that may end before the piece does, and has zeros from there.</summary>
    private static void Apply(Operation operation, Span<byte> piece, ReadOnlySpan<byte> part)
    {
        Span<byte> covered = piece[..part.Length];
        switch (operation)
        {
            case Operation.And:
                Bitwise.And(covered, part);
                piece[part.Length..].Clear();
                break;
            case Operation.Or:
                Bitwise.Or(covered, part);
                break;
            case Operation.Xor:
                Bitwise.Xor(covered, part);
                break;
            default:
                Bitwise.Except(covered, part);
                break;
        }
    }

    private static void Copy(ReadOnlySpan<byte> part, Span<byte> piece)
    {
        part.CopyTo(piece);
        piece[part.Length..].Clear();
    }

    /// <summary>What a source has of the piece from this byte on.</summary>
    private static ReadOnlySpan<byte> Part(Execution x, int argument, int at, int length)
    {
        ReadOnlySpan<byte> value = x.Peek(argument).String;
        return at >= value.Length ? default : value.Slice(at, Math.Min(length, value.Length - at));
    }
}
