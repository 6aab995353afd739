using System.Globalization;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Transcripts;

/// <summary>
/// Two replies that are the same to the letter but for the numbers named here, which may be apart: the times in what XINFO
/// and XPENDING tell. They are named by the field that they follow (<c>idle</c>), or by where they stand (<c>2/4</c> is the
/// third of four). What follows a field with a question mark (<c>?radix-tree-nodes</c>) is any number; a field with a plus
/// (<c>+inactive</c>) is one that newer servers tell as well.
/// </summary>
public sealed class NearFields
{
    private const long ToleranceMs = 20_000;
    private readonly HashSet<string> _names = [];
    private readonly HashSet<string> _any = [];
    private readonly HashSet<string> _newer = [];
    private readonly HashSet<(int Index, int Count)> _places = [];

    private NearFields()
    {
    }

    /// <summary>From a list with commas between.</summary>
    public static NearFields Parse(string list)
    {
        var fields = new NearFields();
        foreach (string field in list.Split(','))
        {
            int slash = field.IndexOf('/', StringComparison.Ordinal);
            if (field[0] == '+') fields._newer.Add(field[1..]);
            else if (field[0] == '?') fields._any.Add(field[1..]);
            else if (slash > 0) fields._places.Add((Number(field[..slash]), Number(field[(slash + 1)..])));
            else fields._names.Add(field);
        }
        return fields;
    }

    public bool AreSame(Reply oracle, Reply ours)
    {
        if (oracle.Bytes.AsSpan().SequenceEqual(ours.Bytes)) return true;
        if (oracle.Type != ours.Type || oracle.Items.Count == 0) return false;
        List<Reply> others = WithoutNewer(oracle, ours);
        if (others.Count != oracle.Items.Count) return false;
        for (int i = 0; i < others.Count; i++)
        {
            if (!AreSameItems(oracle, i, others[i])) return false;
        }
        return true;
    }

    private bool AreSameItems(Reply oracle, int index, Reply ours)
    {
        Reply wanted = oracle.Items[index];
        if (wanted.Type != ':') return AreSame(wanted, ours);
        string name = index == 0 ? "" : oracle.Items[index - 1].Text;
        bool isTime = _names.Contains(name) || _places.Contains((index, oracle.Items.Count));
        return wanted.Bytes.AsSpan().SequenceEqual(ours.Bytes) || (_any.Contains(name) && ours.Type == ':') || (isTime && AreNear(wanted, ours));
    }

    private List<Reply> WithoutNewer(Reply oracle, Reply ours)
    {
        var kept = new List<Reply>();
        for (int i = 0; i < ours.Items.Count; i++)
        {
            string name = ours.Items[i].Text;
            if (_newer.Contains(name) && oracle.Items.All(item => item.Text != name)) i++;
            else kept.Add(ours.Items[i]);
        }
        return kept;
    }

    /// <summary>What is negative is no time, and is to be the same.</summary>
    private static bool AreNear(Reply oracle, Reply ours) => ours.Type == ':' && oracle.TryInteger(out long x) && ours.TryInteger(out long y)
        && x >= 0 && y >= 0 && Math.Abs(x - y) <= ToleranceMs;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
