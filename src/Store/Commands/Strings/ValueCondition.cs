using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;

namespace Galley.Store.Commands;

/// <summary>On what a write depends.</summary>
internal enum ConditionKind : byte
{
    None,
    Absent,
    Present,
    Equal,
    NotEqual,
    DigestEqual,
    DigestNotEqual,
}

/// <summary>A condition as it was asked for: its kind, and the argument that holds what to compare with.</summary>
internal readonly record struct ValueCondition(ConditionKind Kind, int Argument)
{
    /// <summary>A digest is as many digits: XXH3, 64 bits, in hexadecimal.</summary>
    public const int DigestDigits = 16;

    /// <summary>The value itself is looked at, so the key must hold a string.</summary>
    public bool ReadsValue => Kind >= ConditionKind.Equal;

    /// <summary>What to compare with can be a digest, or replies that it cannot.</summary>
    public bool IsValid(Execution x)
    {
        bool isDigest = Kind is ConditionKind.DigestEqual or ConditionKind.DigestNotEqual;
        if (!isDigest || (x.Args[Argument].Length == DigestDigits && IsHexadecimal(x.Args[Argument]))) return true;
        x.Reply.Error("ERR must be exactly 16 hexadecimal characters"u8);
        return false;
    }

    /// <summary>The condition holds. A missing key differs from everything and equals nothing.</summary>
    public bool Holds(Execution x, bool exists, ReadOnlySpan<byte> value) => Kind switch
    {
        ConditionKind.None => true,
        ConditionKind.Absent => !exists,
        ConditionKind.Present => exists,
        ConditionKind.Equal => exists && value.SequenceEqual(x.Args[Argument]),
        ConditionKind.NotEqual => !exists || !value.SequenceEqual(x.Args[Argument]),
        ConditionKind.DigestEqual => exists && HasDigest(value, x.Args[Argument]),
        _ => !exists || !HasDigest(value, x.Args[Argument]),
    };

    /// <summary>Which of the four comparisons this word means; None for another word.</summary>
    public static ConditionKind ComparisonNamed(ReadOnlySpan<byte> word)
    {
        if (Ascii.EqualsIgnoreCase(word, "IFEQ"u8)) return ConditionKind.Equal;
        if (Ascii.EqualsIgnoreCase(word, "IFNE"u8)) return ConditionKind.NotEqual;
        if (Ascii.EqualsIgnoreCase(word, "IFDEQ"u8)) return ConditionKind.DigestEqual;
        return Ascii.EqualsIgnoreCase(word, "IFDNE"u8) ? ConditionKind.DigestNotEqual : ConditionKind.None;
    }

    /// <summary>Writes the digest of a value in small letters.</summary>
    public static void FormatDigest(ReadOnlySpan<byte> value, Span<byte> digits) =>
        Utf8Formatter.TryFormat(XxHash3.HashToUInt64(value), digits, out _, new StandardFormat('x', DigestDigits));

    private static bool HasDigest(ReadOnlySpan<byte> value, ReadOnlySpan<byte> digest)
    {
        Span<byte> digits = stackalloc byte[DigestDigits];
        FormatDigest(value, digits);
        return Ascii.EqualsIgnoreCase(digits, digest);
    }

    private static bool IsHexadecimal(ReadOnlySpan<byte> digits)
    {
        foreach (byte digit in digits)
            if (!char.IsAsciiHexDigit((char)digit)) return false;
        return true;
    }
}
