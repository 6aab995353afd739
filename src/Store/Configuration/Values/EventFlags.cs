using System.Text;

namespace Galley.Store.Configuration;

/// <summary>
/// <c>notify-keyspace-events</c>: the classes of events that are published. The bits are redis-server's, and those of
/// the engine's own event classes.
/// </summary>
public sealed record EventFlags(int Bits) : IParameterValue<EventFlags>
{
    // The place of a letter is the place of its bit; the one bit without a letter has a blank.
    private const char Unused = ' ';
    private const string Letters = "KEg$lshzxetm dnocSTIV";
    private const int Keyspace = 1 << 0;
    private const int Keyevent = 1 << 1;
    private const int Missed = 1 << 11;
    private const int New = 1 << 14;

    /// <summary>What <c>A</c> stands for: every class but misses, new keys, and values that are replaced.</summary>
    private const int All = 0x7fff & ~(Keyspace | Keyevent | Missed | New | 1 << 12);

    // redis-server 7.0.15 prints the letters in this order, and the new keys only where A does not stand. Those that later
    // versions have follow.
    private const string PrintedClasses = "g$lshzxetdn";
    private const string PrintedLast = "KEmocSTIV";

    public static EventFlags None { get; } = new(0);

    public static bool TakesMany => false;

    public string Text
    {
        get
        {
            var text = new StringBuilder();
            if ((Bits & All) == All) text.Append('A');
            else Print(text, PrintedClasses);
            Print(text, PrintedLast);
            return text.ToString();
        }
    }

    public IEnumerable<WrittenLine> Lines(EventFlags standard) => [new(WordSplitter.Quote(Text), IsNeeded: !Equals(standard))];

    public static string? Parse(ReadOnlySpan<string> words, EventFlags current, bool adds, out EventFlags value)
    {
        value = current;
        int bits = 0;
        foreach (char letter in words[0])
        {
            if (letter == 'A')
            {
                bits |= All;
                continue;
            }
            int place = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (place < 0 || letter == Unused) return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
            bits |= 1 << place;
        }
        value = new EventFlags(bits);
        return null;
    }

    private void Print(StringBuilder text, string letters)
    {
        foreach (char letter in letters)
        {
            if ((Bits & (1 << Letters.IndexOf(letter, StringComparison.Ordinal))) != 0) text.Append(letter);
        }
    }
}
