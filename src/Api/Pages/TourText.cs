using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Galley.Api.Pages;

/// <summary>
/// The tour of the README as HTML. It is written once, for both; of Markdown it needs paragraphs, <c>`code`</c>, addresses
/// of this server and fenced blocks. Lines of a shell are to be copied one by one, a program as a whole.
/// </summary>
internal static partial class TourText
{
    private const string Heading = "## A tour\n";
    private const string NextHeading = "\n## ";
    private const string Fence = "```";
    private const int OrdinaryPort = 6379;

    public static string Render(string readme, int respPort)
    {
        int begin = readme.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        int end = readme.IndexOf(NextHeading, begin, StringComparison.Ordinal);
        string tour = readme[begin..end];
        if (respPort is not (OrdinaryPort or 0)) tour = RedisCli().Replace(tour, $"$1redis-cli -p {respPort} ");

        var html = new StringBuilder();
        string[] pieces = tour.Split(Fence);
        // Text and blocks take turns.
        for (int i = 0; i < pieces.Length; i++)
        {
            if (i % 2 == 0) AddText(html, pieces[i]);
            else AddBlock(html, pieces[i]);
        }
        return html.ToString();
    }

    private static void AddText(StringBuilder html, string text)
    {
        foreach (string paragraph in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string encoded = InlineCode().Replace(WebUtility.HtmlEncode(paragraph), "<code>$1</code>");
            html.Append("<p>").Append(OwnAddress().Replace(encoded, "<a data-here href=\"./$1\">$0</a>")).Append("</p>\n");
        }
    }

    /// <summary>The first line is the language, or empty for a shell.</summary>
    private static void AddBlock(StringBuilder html, string block)
    {
        int lineEnd = block.IndexOf('\n', StringComparison.Ordinal);
        string code = block[(lineEnd + 1)..].TrimEnd('\n');
        string[] parts = lineEnd == 0 ? code.Split('\n') : [code];
        foreach (string part in parts)
            html.Append("<div class=\"line\"><pre tabindex=\"0\"><code>").Append(WebUtility.HtmlEncode(part)).Append("</code></pre></div>\n");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"http://localhost:7379/([\w/.-]*)")]
    private static partial Regex OwnAddress();

    [GeneratedRegex(@"(?m)(^|\| )redis-cli ")]
    private static partial Regex RedisCli();
}
