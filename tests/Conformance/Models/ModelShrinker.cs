using System.Diagnostics;

namespace Galley.Conformance.Models;

/// <summary>
/// Makes a list of commands on which the servers part as short as it finds in its time: first its end alone, then without
/// this piece and that, in ever smaller pieces.
/// </summary>
public sealed class ModelShrinker(ModelServers servers, TimeSpan patience)
{
    private const int BatchSize = 500;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>The difference on which the shortest list ends.</summary>
    public string Difference { get; private set; } = "";

    public IReadOnlyList<ModelCommand> Shrink(IReadOnlyList<ModelCommand> failing)
    {
        List<ModelCommand> shortest = [.. failing];
        for (int length = 50; length < failing.Count && _clock.Elapsed < patience; length *= 4)
        {
            if (Fails([.. failing.TakeLast(length)]) is not { } shorter) continue;
            shortest = shorter;
            break;
        }
        for (int piece = Math.Max(1, shortest.Count / 2); piece >= 1 && _clock.Elapsed < patience; piece = piece == 1 ? 0 : piece / 2)
        {
            for (int at = shortest.Count - piece; at > -piece && _clock.Elapsed < patience; at -= piece)
            {
                int from = Math.Clamp(at, 0, shortest.Count);
                List<ModelCommand> without = [.. shortest[..from], .. shortest[Math.Min(from + piece, shortest.Count)..]];
                if (Fails(without) is { } shorter) shortest = shorter;
            }
        }
        return shortest;
    }

    /// <summary>The list up to where the servers part, or null where they do not.</summary>
    private List<ModelCommand>? Fails(List<ModelCommand> commands)
    {
        servers.Begin();
        for (int done = 0; done < commands.Count; done += BatchSize)
        {
            List<ModelCommand> batch = commands[done..Math.Min(done + BatchSize, commands.Count)];
            int parted = servers.Run(batch, out string difference);
            if (parted < 0) continue;
            Difference = difference;
            return commands[..(done + parted + 1)];
        }
        if (commands.Count == 0 || servers.SameContent(null, out string left)) return null;
        Difference = left;
        return commands;
    }
}
