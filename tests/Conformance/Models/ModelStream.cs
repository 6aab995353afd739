using Galley.Conformance.Models.Families;

namespace Galley.Conformance.Models;

/// <summary>
/// An endless stream of commands of every family, from a seed, over few keys, so that they meet. Of each family there is
/// what the servers know: a command that is missing leaves its templates out.
/// </summary>
public sealed class ModelStream
{
    private readonly Draw _draw;
    private readonly Family[] _turns;
    private readonly Queue<ModelCommand> _following = new();

    public ModelStream(int seed, Func<string, bool>? isKnown = null)
    {
        _draw = new Draw(new Random(seed));
        Families = [.. All().Where(family => family.Restrict(isKnown ?? (static _ => true)))];
        _turns = [.. Families.SelectMany(family => Enumerable.Repeat(family, family.Weight))];
    }

    public IReadOnlyList<Family> Families { get; }

    /// <summary>Nothing that belongs together is torn apart by ending here.</summary>
    public bool IsBetweenCommands => _following.Count == 0;

    public ModelCommand Next()
    {
        if (_following.Count == 0)
        {
            foreach (ModelCommand command in _draw.Pick(_turns).Next(_draw)) _following.Enqueue(command);
        }
        return _following.Dequeue();
    }

    /// <summary>Every template of every family once, in an order at random.</summary>
    public List<ModelCommand> Round()
    {
        IEnumerable<ModelCommand>[] templates = [.. Families.SelectMany(family => family.Every(_draw))];
        _draw.Shuffle(templates);
        return [.. templates.SelectMany(commands => commands)];
    }

    private static Family[] All() =>
    [
        new StringFamily(), new KeyFamily(), new ListFamily(), new HashFamily(), new SetFamily(), new SortedSetFamily(), new GeoFamily(),
        new BitmapFamily(), new HyperLogLogFamily(), new StreamFamily(), new TransactionFamily(),
    ];
}
