using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Transcripts;

/// <summary>
/// A file of commands for two servers, one a line, in redis-cli's quoting.
/// <code>
/// # a comment
/// == name              a section: an empty server and new connections
/// SET k v              sent, and the replies compared byte for byte
/// @b GET k             on connection b (a is the first)
/// @b &lt;                 reads one thing more from b: a message, an invalidation
/// @b &lt;3                reads three things more
/// CLIENT UNBLOCK {b}   a word {b} stands for the id of the client on connection b
/// { ... }              the commands between the braces go out in one write
/// !replies 3 CMD       the command has three replies
/// !raw 2 "PING\r\n"    bytes as they stand, with two replies
/// !closed              the server closes the connection
/// !hangup              the client closes the connection
/// !wait 20             20 ms pass
/// !scan SCAN {} COUNT 3    from cursor 0 to the end; the keys are compared as a set
/// !resp 3 CMD          in RESP3 alone
/// !unordered CMD       the elements may come in any order
/// !time 5 CMD          numbers may be 5 apart (without a number: 1000)
/// !random CMD, !memory CMD, !docs CMD    the same types, and errors to the letter
/// !cursor CMD          an error to the letter, or none: a cursor and what comes with it hang on the hash
/// !set CMD             the encoding of a set, which is listpack where 7.0.15 has hashtable
/// !near idle,2/4 CMD   the same but for these numbers, which are apart as times are: see NearFields
/// !newer CMD           not in redis-server 7.0.15; what follows = (or =2 and =3) is the reply to be, or = any;
///                      what follows =~ is a pattern for all of the reply's bytes, where it is not known to the letter
/// </code>
/// </summary>
public static class Transcript
{
    private const long ToleranceMs = 1000;

    public static IReadOnlyList<Section> Read(string path) => Parse(File.ReadAllLines(path), Path.GetFileName(path));

    public static IReadOnlyList<Section> Parse(IReadOnlyList<string> lines, string name)
    {
        var sections = new List<Section>();
        var steps = new List<Step>();
        string title = name;
        bool pipelined = false;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (steps.Count > 0) sections.Add(new Section(title, steps));
                steps = [];
                title = line[3..];
            }
            else if (line == "{") pipelined = true;
            else if (line == "}")
            {
                pipelined = false;
                steps[^1] = steps[^1] with { IsHeld = false };
            }
            else if (line.StartsWith("=~ ", StringComparison.Ordinal)) steps[^1].Pattern = new Regex(@"\A(?:" + line[3..] + @")\z");
            else if (line[0] == '=') Expect(steps[^1], line);
            else steps.Add(ParseStep(line, i + 1) with { IsHeld = pipelined });
        }
        if (steps.Count > 0) sections.Add(new Section(title, steps));
        return sections;
    }

    private static void Expect(Step step, string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string text = line[(space + 1)..];
        byte[]? bytes = text == "any" ? null : CommandLine.Split(text)[0];
        if (line[1] is ' ' or '2') step.Expected2 = bytes;
        if (line[1] is ' ' or '3') step.Expected3 = bytes;
    }

    private static Step ParseStep(string line, int number)
    {
        string rest = line;
        string connection = "a";
        if (rest[0] == '@') connection = Take(ref rest)[1..];
        var step = new Step(number, line, connection, StepKind.Command);
        bool counted = false;
        while (rest.StartsWith('!'))
        {
            string directive = Take(ref rest);
            counted |= directive == "!replies";
            step = Apply(step, directive, ref rest);
        }
        if (rest.StartsWith('<') && !rest.StartsWith("<<", StringComparison.Ordinal))
            return step with { Kind = StepKind.Read, Replies = rest.Length > 1 ? Number(rest[1..]) : 1 };
        if (step.Kind == StepKind.Raw) return step with { Bytes = CommandLine.Split(rest)[0] };
        step = step with { Words = CommandLine.Split(rest) };
        return counted ? step : step with { Replies = RepliesOf(step.Words) };
    }

    private static Step Apply(Step step, string directive, ref string rest) => directive switch
    {
        "!replies" => step with { Replies = Number(Take(ref rest)) },
        "!raw" => step with { Kind = StepKind.Raw, Replies = NumberIfAny(ref rest, 1) },
        "!closed" => step with { Kind = StepKind.Closed },
        "!hangup" => step with { Kind = StepKind.Hangup },
        "!wait" => step with { Kind = StepKind.Wait, WaitMs = Number(Take(ref rest)) },
        "!scan" => step with { Kind = StepKind.Scan, Sameness = Sameness.Unordered },
        "!resp" => step with { OnlyResp = Number(Take(ref rest)) },
        "!unordered" => step with { Sameness = Sameness.Unordered },
        "!time" => step with { Sameness = Sameness.Time, Reason = Reason.Time, Tolerance = NumberIfAny(ref rest, (int)ToleranceMs) },
        "!random" => step with { Sameness = Sameness.Shape, Reason = Reason.Randomness },
        "!cursor" => step with { Sameness = Sameness.Errors, Reason = Reason.Randomness },
        "!memory" => step with { Sameness = Sameness.Shape, Reason = Reason.MemoryFigures },
        "!docs" => step with { Sameness = Sameness.Shape, Reason = Reason.DocsTexts },
        "!near" => step with { Sameness = Sameness.Near, Reason = Reason.Time, Near = NearFields.Parse(Take(ref rest)) },
        "!set" => step with { Sameness = Sameness.SetEncoding, Reason = Reason.SetListpack },
        "!newer" => step with { Sameness = Sameness.Expected, Reason = Reason.NewerThanOracle },
        _ => throw new FormatException($"Line {step.Line}: no directive {directive}."),
    };

    /// <summary>A subscription answers once for each name that it is given.</summary>
    private static int RepliesOf(byte[][] words)
    {
        if (words.Length == 0) return 1;
        string command = Encoding.Latin1.GetString(words[0]).ToUpperInvariant();
        return command.EndsWith("SUBSCRIBE", StringComparison.Ordinal) ? Math.Max(1, words.Length - 1) : 1;
    }

    private static string Take(ref string rest)
    {
        int space = rest.IndexOf(' ', StringComparison.Ordinal);
        string word = space < 0 ? rest : rest[..space];
        rest = space < 0 ? "" : rest[(space + 1)..].TrimStart();
        return word;
    }

    private static int NumberIfAny(ref string rest, int otherwise) =>
        rest.Length > 0 && char.IsAsciiDigit(rest[0]) ? Number(Take(ref rest)) : otherwise;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
