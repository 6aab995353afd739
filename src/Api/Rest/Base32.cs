namespace Galley.Api.Rest;

/// <summary>Numbers in few letters, for tokens and identifiers that nobody reads.</summary>
internal static class Base32
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const int LengthMax = 13;

    public static string Of(ulong number)
    {
        Span<char> text = stackalloc char[LengthMax];
        int at = LengthMax;
        do
        {
            text[--at] = Digits[(int)(number & 31)];
            number >>= 5;
        }
        while (number > 0);
        return new string(text[at..]);
    }
}
