using System.Text;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Transcripts;

/// <summary>Compares what two servers said, step by step, as strictly as each step allows.</summary>
public static class Comparison
{
    /// <summary>The differences, each as a text to read; and the count of the ones that had a reason.</summary>
    public static List<string> Differences(
        string file, IReadOnlyList<Observation> oracle, IReadOnlyList<Observation> ours, int resp, Tally tally)
    {
        var differences = new List<string>();
        for (int i = 0; i < oracle.Count; i++)
        {
            Step step = oracle[i].Step;
            if (oracle[i].Replies.Any(r => r.Text == "(no reply)"))
                differences.Add($"{file}:{step.Line} RESP{resp} {step.Source}: the transcript waits for what redis-server does not say");
            if (IsSame(step, oracle[i].Replies, ours[i].Replies, resp, tally)) continue;
            string wanted = step.Sameness == Sameness.Expected
                ? $"expected {step.Pattern?.ToString() ?? CommandLine.Quote(Expected(step, resp) ?? "anything but an error"u8)}"
                : $"redis    {string.Join(' ', oracle[i].Replies)}";
            differences.Add($"{file}:{step.Line} RESP{resp} {step.Source}\n    {wanted}\n    galley   {string.Join(' ', ours[i].Replies)}");
        }
        return differences;
    }

    private static bool IsSame(Step step, IReadOnlyList<Reply> oracle, IReadOnlyList<Reply> ours, int resp, Tally tally)
    {
        if (step.Sameness == Sameness.Expected)
        {
            tally.Count(Reason.NewerThanOracle);
            if (step.Pattern is { } pattern) return pattern.IsMatch(string.Concat(ours.Select(r => Encoding.Latin1.GetString(r.Bytes))));
            byte[]? expected = Expected(step, resp);
            return expected is null
                ? ours.All(r => !r.IsError && !r.IsMissing)
                : ours.SelectMany(r => r.Bytes).SequenceEqual(expected);
        }
        if (oracle.Count != ours.Count) return false;
        if (step.Sameness == Sameness.Unordered && oracle.Count > 1) return IsSameInAnyOrder(oracle, ours);
        bool exact = true;
        for (int i = 0; i < oracle.Count; i++)
        {
            if (oracle[i].Bytes.AsSpan().SequenceEqual(ours[i].Bytes)) continue;
            exact = false;
            if (!IsNearEnough(step, oracle[i], ours[i])) return false;
        }
        if (!exact) tally.Count(step.Reason);
        return true;
    }

    private static byte[]? Expected(Step step, int resp) => resp == 3 ? step.Expected3 : step.Expected2;

    private static bool IsNearEnough(Step step, Reply oracle, Reply ours) => step.Sameness switch
    {
        Sameness.Unordered => IsSameSet(oracle, ours),
        Sameness.Time => IsSameTime(oracle, ours, step.Tolerance),
        Sameness.Near => step.Near!.AreSame(oracle, ours),
        Sameness.Shape => IsSameShape(oracle, ours),
        Sameness.SetEncoding => oracle.ToString().Contains("hashtable", StringComparison.Ordinal)
            && ours.ToString().Contains("listpack", StringComparison.Ordinal),
        Sameness.Errors => !oracle.IsError && !ours.IsError && !ours.IsMissing,
        _ => false,
    };

    private static bool IsSameSet(Reply oracle, Reply ours) =>
        oracle.Type == ours.Type && oracle.Items.Count == ours.Items.Count && Sorted(oracle).SequenceEqual(Sorted(ours));

    /// <summary>
    /// Several replies at once: the same ones in another order; or, of an UNSUBSCRIBE from everything, the same names in
    /// another order beside counts that do not move with them.
    /// </summary>
    private static bool IsSameInAnyOrder(IReadOnlyList<Reply> oracle, IReadOnlyList<Reply> ours)
    {
        if (Texts(oracle).SequenceEqual(Texts(ours))) return true;
        int columns = oracle[0].Items.Count;
        return oracle.All(r => r.Items.Count == columns) && ours.All(r => r.Items.Count == columns)
            && Enumerable.Range(0, columns).All(c => Texts(oracle.Select(r => r.Items[c])).SequenceEqual(Texts(ours.Select(r => r.Items[c]))));
    }

    private static IEnumerable<string> Texts(IEnumerable<Reply> replies) =>
        replies.Select(r => r.ToString()).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Sorted(Reply reply)
    {
        int stride = reply.Type == '%' ? 2 : 1;
        return reply.Items.Chunk(stride).Select(c => string.Concat(c.Select(Canonical))).Order(StringComparer.Ordinal);
    }

    /// <summary>The same text for the same elements, in whatever order they stand within one another.</summary>
    private static string Canonical(Reply reply) =>
        reply.Items.Count == 0 ? reply.ToString() : $"{reply.Type}({string.Join(' ', Sorted(reply))})";

    /// <summary>-1 and -2 are no times: they say that there is none, and are to be the same.</summary>
    private static bool IsSameTime(Reply oracle, Reply ours, long tolerance)
    {
        if (oracle.Type != ours.Type || oracle.Items.Count != ours.Items.Count) return false;
        if (oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes)) return true;
        if (oracle.Items.Count > 0) return oracle.Items.Zip(ours.Items).All(p => IsSameTime(p.First, p.Second, tolerance));
        return oracle.TryInteger(out long x) && ours.TryInteger(out long y) && x >= 0 && y >= 0 && Math.Abs(x - y) <= tolerance;
    }

    private static bool IsSameShape(Reply oracle, Reply ours)
    {
        if (oracle.IsError || ours.IsError || oracle.IsMissing || ours.IsMissing) return oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes);
        return oracle.Type == ours.Type && oracle.Items.Count == ours.Items.Count
            && oracle.Payload is null == ours.Payload is null
            && oracle.Items.Zip(ours.Items).All(p => IsSameShape(p.First, p.Second));
    }
}
