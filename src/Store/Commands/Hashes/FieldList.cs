using Galley.Resp.Protocol;

namespace Galley.Store.Commands.Hashes;

/// <summary>The fields that a command names behind <c>FIELDS numfields</c>, to the end of its arguments.</summary>
/// <param name="First">The argument of the first field.</param>
/// <param name="Count">How many arguments there are from it on.</param>
internal readonly record struct FieldList(int First, int Count)
{
    /// <summary>Notes of so many fields are kept on the stack, of more in an array of the command's own.</summary>
    public const int CountOnStack = 64;

    public static ReadOnlySpan<byte> NotPositive => "ERR Number of fields must be a positive integer"u8;

    /// <summary>What HEXPIRE and its sisters say of a wrong number instead.</summary>
    public static ReadOnlySpan<byte> NotAboveZero => "ERR Parameter `numFields` should be greater than 0"u8;

    /// <summary>Reads the list that begins with the word FIELDS at this argument, or replies with an error.</summary>
    /// <param name="countError">Where the number is none, or is not above 0.</param>
    public static bool TryRead(Execution x, int argument, ReadOnlySpan<byte> countError, out FieldList fields)
    {
        fields = default;
        if (argument >= x.Args.Count || !x.Is(argument, "FIELDS"u8))
        {
            x.Reply.Error("ERR Mandatory argument FIELDS is missing or not at the right position"u8);
            return false;
        }
        if (argument + 1 >= x.Args.Count)
        {
            x.Reply.Error(Errors.WrongArity(x.CommandName));
            return false;
        }
        if (!CountArgument.TryReadFromOne(x, argument + 1, countError, out long count)) return false;
        fields = new FieldList(argument + 2, x.Args.Count - argument - 2);
        if (count == fields.Count) return true;
        x.Reply.Error("ERR The `numfields` parameter must match the number of arguments"u8);
        return false;
    }

    /// <summary>Replies with the same number for each field: what an absent key does.</summary>
    public void ReplyEach(RespWriter reply, long code)
    {
        reply.Array(Count);
        for (int i = 0; i < Count; i++) reply.Integer(code);
    }
}
