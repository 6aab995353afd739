namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>The classes of characters that a pattern names by a letter, in the C locale: beyond ASCII nothing is a letter.</summary>
internal static class CharacterClass
{
    /// <summary>Whether a class has a character; a letter that names no class stands for itself.</summary>
    internal static bool Has(byte name, byte c)
    {
        bool isIn;
        switch (name | 0x20)
        {
            case 'a': isIn = char.IsAsciiLetter((char)c); break;
            case 'c': isIn = c is < 0x20 or 0x7f; break;
            case 'd': isIn = char.IsAsciiDigit((char)c); break;
            case 'l': isIn = char.IsAsciiLetterLower((char)c); break;
            case 'p': isIn = c is > 0x20 and < 0x7f && !char.IsAsciiLetterOrDigit((char)c); break;
            case 's': isIn = c is (byte)' ' or (>= (byte)'\t' and <= (byte)'\r'); break;
            case 'u': isIn = char.IsAsciiLetterUpper((char)c); break;
            case 'w': isIn = char.IsAsciiLetterOrDigit((char)c); break;
            case 'x': isIn = char.IsAsciiHexDigit((char)c); break;
            case 'z': isIn = c == 0; break;
            default: return name == c;
        }
        if (!char.IsAsciiLetter((char)name)) return name == c;
        return char.IsAsciiLetterUpper((char)name) ? !isIn : isIn;
    }
}
