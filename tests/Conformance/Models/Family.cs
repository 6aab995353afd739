namespace Galley.Conformance.Models;

/// <summary>A command of the model run, and the family that it counts for.</summary>
public sealed record ModelCommand(Family Family, byte[][] Words)
{
    public string Name { get; } = System.Text.Encoding.Latin1.GetString(Words[0]);

    public override string ToString() => string.Join(' ', Words.Select(word => Wire.CommandLine.Quote(word, 200)));
}

/// <summary>
/// The commands of one family, as templates: a word in small letters stands for something at random, semicolons divide
/// commands that follow each other. For a while the family grows its keys, then it shrinks them, so that they pass the
/// thresholds of their encodings both ways.
/// </summary>
public abstract class Family
{
    // By turns; how long a turn is, is drawn.
    private static readonly double[] Growths = [0.95, 0.15, 0.5];
    private static readonly int[] PhaseLengths = [40, 150, 600];

    private int _phase = -1;
    private int _leftInPhase;
    private string[][][][] _kinds = [];

    public abstract string Name { get; }

    /// <summary>How often its turn comes, beside the others.</summary>
    public virtual int Weight => 10;

    protected abstract string[] Growing { get; }

    protected abstract string[] Shrinking { get; }

    /// <summary>They leave little, and come seldom.</summary>
    protected virtual string[] Clearing => [];

    protected abstract string[] Asking { get; }

    /// <summary>How seldom: one in so many of those that shrink.</summary>
    protected virtual int ClearingOneIn => 60;

    /// <summary>Keeps the templates all of whose commands are known; false if none is left.</summary>
    public bool Restrict(Func<string, bool> isKnown)
    {
        _kinds = Array.ConvertAll((string[][])[Growing, Shrinking, Clearing, Asking], templates => Array.FindAll(
            Array.ConvertAll(templates, template => Array.ConvertAll(template.Split(" ; "), command => command.Split(' '))),
            commands => Array.TrueForAll(commands, words => isKnown(words[0]))));
        return Array.Exists(_kinds, kind => kind.Length > 0);
    }

    /// <summary>The next command, or several that belong together.</summary>
    public IEnumerable<ModelCommand> Next(Draw draw)
    {
        if (_leftInPhase-- == 0)
        {
            _phase = (_phase + 1) % Growths.Length;
            _leftInPhase = draw.Pick(PhaseLengths);
        }
        return Filled(draw.Pick(KindOf(draw)), draw);
    }

    /// <summary>Every template once, each filled when its turn comes.</summary>
    public IEnumerable<IEnumerable<ModelCommand>> Every(Draw draw) => _kinds.SelectMany(kind => kind).Select(template => Filled(template, draw));

    /// <summary>What a word of a template stands for, or the word itself.</summary>
    protected abstract byte[][] Fill(string word, Draw draw);

    /// <summary>Words that mean the same in every family.</summary>
    protected static byte[][] FillCommon(string word, Draw draw) => [word switch
    {
        "v" => draw.Value(),
        "i" => draw.Integer(),
        "f" => Draw.Text(draw.Between(-1000, 1000) / 8.0),
        "n" => Draw.Text(draw.Below(20)),
        "r" => Draw.Text(draw.Pick(0, -1, 1, 5, -5, draw.Between(-40, 40), draw.Between(-600, 600))),
        "s" => Draw.Text(1000 + draw.Below(5) * 1000),
        "a" => Draw.Text(33_177_117_420_000 + draw.Below(1000)),
        "other" => draw.Key(draw.Pick("s", "l", "h", "t", "z", "b"), 4),
        _ => Draw.Text(word),
    }];

    protected static byte[][] Repeat(int times, Func<byte[]> word) => [.. Enumerable.Range(0, times).Select(_ => word())];

    private IEnumerable<ModelCommand> Filled(string[][] template, Draw draw) =>
        template.Select(words => new ModelCommand(this, [.. words.SelectMany(word => Fill(word, draw))]));

    private string[][][] KindOf(Draw draw)
    {
        bool asks = draw.Below(5) < 2;
        int kind = asks ? 3 : draw.Chance(Growths[_phase]) ? 0 : draw.Below(ClearingOneIn) == 0 ? 2 : 1;
        return _kinds[kind].Length > 0 ? _kinds[kind] : Array.Find(_kinds, some => some.Length > 0)!;
    }
}
