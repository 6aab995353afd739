using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

internal enum FieldVerb : byte
{
    Get,
    Set,
    IncrBy,
}

/// <summary>One operation of BITFIELD: what is done with which field, where, with which number.</summary>
internal readonly record struct BitFieldOperation(FieldVerb Verb, BitField Field, long Offset, long Number, FieldOverflow Overflow)
{
    public bool Writes => Verb != FieldVerb.Get;

    /// <summary>
    /// The number to be set, before it is made to fit; an unsigned field takes a negative one as a very great one. As in
    /// redis-server, whose own check overflows there, the least numbers of all saturate a signed field upward.
    /// </summary>
    public Int128 NumberToSet =>
        !Field.IsSigned ? (ulong)Number
        : Overflow == FieldOverflow.Saturate && Field.Max < long.MaxValue && Field.Max - Number > long.MaxValue ? Field.Max
        : Number;

    /// <summary>How long the string must be for it to be written.</summary>
    public int BytesNeeded => (int)((Offset + Field.Bits - 1) / BitString.BitsPerByte) + 1;
}

/// <summary>Reads the operations of a call one after the other. An OVERFLOW holds for those that follow.</summary>
internal struct BitFieldReader
{
    private int _at = 2;
    private FieldOverflow _overflow = FieldOverflow.Wrap;

    public BitFieldReader()
    {
    }

    /// <summary>The reader met what it cannot read, and has replied so.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The next operation; false after the last, and after an error.</summary>
    public bool TryRead(Execution x, out BitFieldOperation operation)
    {
        operation = default;
        while (_at + 1 < x.Args.Count && x.Is(_at, "OVERFLOW"u8))
            if (!TryReadOverflow(x)) return Fail();
        if (_at >= x.Args.Count) return false;
        return TryReadOperation(x, out operation) || Fail();
    }

    private bool TryReadOverflow(Execution x)
    {
        int word = _at + 1;
        _at += 2;
        if (x.Is(word, "WRAP"u8)) _overflow = FieldOverflow.Wrap;
        else if (x.Is(word, "SAT"u8)) _overflow = FieldOverflow.Saturate;
        else if (x.Is(word, "FAIL"u8)) _overflow = FieldOverflow.Fail;
        else return Refuse(x, "ERR Invalid OVERFLOW type specified"u8);
        return true;
    }

    private bool TryReadOperation(Execution x, out BitFieldOperation operation)
    {
        operation = default;
        int left = x.Args.Count - _at - 1;
        FieldVerb verb;
        if (left >= 2 && x.Is(_at, "GET"u8)) verb = FieldVerb.Get;
        else if (left >= 3 && x.Is(_at, "SET"u8)) verb = FieldVerb.Set;
        else if (left >= 3 && x.Is(_at, "INCRBY"u8)) verb = FieldVerb.IncrBy;
        else return Refuse(x, Errors.Syntax);

        if (!BitField.TryParse(x.Args[_at + 1], out BitField field))
        {
            return Refuse(x,
                "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."u8);
        }
        if (!BitArgument.TryReadFieldOffset(x, _at + 2, field.Bits, out long offset)) return false;
        long number = 0;
        if (verb != FieldVerb.Get && !x.TryInteger(_at + 3, out number)) return false;
        operation = new BitFieldOperation(verb, field, offset, number, _overflow);
        _at += verb == FieldVerb.Get ? 3 : 4;
        return true;
    }

    private static bool Refuse(Execution x, ReadOnlySpan<byte> error)
    {
        x.Reply.Error(error);
        return false;
    }

    private bool Fail()
    {
        HasFailed = true;
        return false;
    }
}
