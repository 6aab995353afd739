using Galley.Store.Keyspace;
using Galley.Store.Types;

namespace Galley.Store.Commands.Bitmaps;

/// <summary>BITFIELD and BITFIELD_RO. The arguments are read twice: first whether all of them are right, then to be done.</summary>
internal static class BitFieldCommands
{
    private const string GetGrammar = "GET encoding offset:integer";
    private const string WriteGrammar = "[OVERFLOW (WRAP | SAT | FAIL)] "
        + "(SET encoding offset:integer value:integer | INCRBY encoding offset:integer increment:integer)";

    [Command("BITFIELD", "key [(" + GetGrammar + " | " + WriteGrammar + ") ...]", Group.Bitmap, Flags.Write | Flags.DenyOom, Since = "3.2.0",
        Cost = "O(1) for each operation",
        Keys = "RW ACCESS UPDATE VARIABLE_FLAGS, RO ACCESS without SET INCRBY -- This command allows both access and modification of the key",
        Summary = "Reads and writes integers of any width at any bit of a string value.")]
    public static void Run(Execution x)
    {
        if (!TryCheck(x, out int count, out int bytesNeeded)) return;
        if (bytesNeeded == 0) ReplyFields(x, count);
        else Write(x, count, bytesNeeded);
    }

    [Command("BITFIELD_RO", "key [" + GetGrammar + " ...]", Group.Bitmap, Flags.ReadOnly | Flags.Fast, Since = "6.0.0",
        Cost = "O(1) for each operation", Summary = "Reads integers of any width at any bit of a string value.")]
    public static void RunReadOnly(Execution x)
    {
        if (!TryCheck(x, out int count, out int bytesNeeded)) return;
        if (bytesNeeded == 0) ReplyFields(x, count);
        else x.Reply.Error("ERR BITFIELD_RO only supports the GET subcommand"u8);
    }

    /// <summary>All arguments are right, or replies what is not.</summary>
    /// <param name="bytesNeeded">How long the string must be for all that is written; 0 if nothing is.</param>
    private static bool TryCheck(Execution x, out int count, out int bytesNeeded)
    {
        count = 0;
        bytesNeeded = 0;
        var reader = new BitFieldReader();
        while (reader.TryRead(x, out BitFieldOperation operation))
        {
            count++;
            if (operation.Writes) bytesNeeded = Math.Max(bytesNeeded, operation.BytesNeeded);
        }
        return !reader.HasFailed;
    }

    private static void ReplyFields(Execution x, int count)
    {
        if (!BitArgument.TryRead(x, 1, out Key key)) return;
        x.Reply.Array(count);
        var reader = new BitFieldReader();
        while (reader.TryRead(x, out BitFieldOperation operation))
            x.Reply.Integer(operation.Field.Read(key.String, operation.Offset));
    }

    private static void Write(Execution x, int count, int bytesNeeded)
    {
        if (!BitArgument.TryWrite(x, 1, out Key key)) return;
        int length = key.String.Length;
        bool grows = bytesNeeded > length;
        Span<byte> value = key.EditString(Math.Max(length, bytesNeeded));
        x.Reply.Array(count);
        bool isWritten = false;
        var reader = new BitFieldReader();
        while (reader.TryRead(x, out BitFieldOperation operation))
        {
            long before = operation.Field.Read(value, operation.Offset);
            if (!operation.Writes) x.Reply.Integer(before);
            else if (TryWrite(x, operation, value, before, out long now)) isWritten |= grows || now != before;
        }
        if (isWritten) x.Changed(in key, EventClass.String, "setbit"u8);
        else if (grows) x.Changed(in key, EventClass.None, default); // Every number overflowed: redis-server is silent, but the string is longer.
    }

    /// <summary>Writes the number and replies; false, with null, if it overflows and must not.</summary>
    private static bool TryWrite(Execution x, BitFieldOperation operation, Span<byte> value, long before, out long now)
    {
        BitField field = operation.Field;
        bool sets = operation.Verb == FieldVerb.Set;
        Int128 number = sets ? operation.NumberToSet : (Int128)before + operation.Number;
        if (!field.TryFit(number, operation.Overflow, out now))
        {
            x.Reply.Null();
            return false;
        }
        field.Write(value, operation.Offset, now);
        x.Reply.Integer(sets ? before : now);
        return true;
    }
}
