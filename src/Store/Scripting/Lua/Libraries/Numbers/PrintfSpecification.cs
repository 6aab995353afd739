namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The flags of a conversion of C's printf.</summary>
[Flags]
internal enum PrintfFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>-</c>: to the left of its width.</summary>
    Left = 1,

    /// <summary><c>+</c>: a sign for positive numbers, too.</summary>
    Plus = 2,

    /// <summary>A blank where a positive number has no sign.</summary>
    Space = 4,

    /// <summary><c>#</c>: the other form, with its prefix, its point or its zeros.</summary>
    Alternate = 8,

    /// <summary><c>0</c>: zeros fill the width.</summary>
    Zero = 16,
}

/// <summary>One conversion of C's printf, such as <c>%-8.3f</c>.</summary>
/// <param name="Conversion">Its letter.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Width">The least length.</param>
/// <param name="Precision">Digits, or less than 0 where it says none.</param>
internal readonly record struct PrintfSpecification(byte Conversion, PrintfFlags Flags = PrintfFlags.None, int Width = 0, int Precision = -1)
{
    /// <summary>Whether a flag is set.</summary>
    internal bool Has(PrintfFlags flag) => (Flags & flag) != 0;

    /// <summary>Adds a text in its width: zeros go between the sign or prefix and the digits, blanks round both.</summary>
    internal void AddPadded(ByteBuilder text, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> body, bool mayZero)
    {
        int padding = Math.Max(Width - prefix.Length - body.Length, 0);
        bool isZeroed = mayZero && Has(PrintfFlags.Zero) && !Has(PrintfFlags.Left);
        if (!isZeroed && !Has(PrintfFlags.Left)) text.Add((byte)' ', padding);
        text.Add(prefix);
        if (isZeroed) text.Add((byte)'0', padding);
        text.Add(body);
        if (Has(PrintfFlags.Left)) text.Add((byte)' ', padding);
    }

    /// <summary>The sign of a number, as the flags want it.</summary>
    internal ReadOnlySpan<byte> Sign(bool isNegative)
    {
        if (isNegative) return "-"u8;
        if (Has(PrintfFlags.Plus)) return "+"u8;
        return Has(PrintfFlags.Space) ? " "u8 : [];
    }
}
