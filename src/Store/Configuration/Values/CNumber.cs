using System.Globalization;
using Galley.Resp.Protocol;

namespace Galley.Store.Configuration;

/// <summary>
/// Numbers as C's library reads them, which stands behind those parameters of redis-server that take several: blanks and
/// a sign may come first, and nothing at all is zero.
/// </summary>
internal static class CNumber
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite;

    public static bool TryParse(string word, out long number)
    {
        number = 0;
        return word.Length == 0 || long.TryParse(word, Styles, CultureInfo.InvariantCulture, out number);
    }

    public static bool TryParse(string word, out double number) => Numbers.TryParseDouble(TextBytes.Encode(word), out number);
}
