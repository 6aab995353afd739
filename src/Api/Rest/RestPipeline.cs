using Galley.Api.Doors;
using Galley.Store.Commands;

namespace Galley.Api.Rest;

/// <summary>
/// /pipeline: one row of the response for each command, in order. A command that is refused before it reaches the engine
/// has its row too; so the batch is run without it, and its error is put between the others.
/// </summary>
internal static class RestPipeline
{
    /// <summary>The refusal of each row, or null where no row is refused.</summary>
    public static string?[]? Refusals(CommandTable commands, CommandBatch batch)
    {
        string?[]? refusals = null;
        for (int i = 0; i < batch.Count; i++)
        {
            if (UnavailableCommands.Refusal(commands, batch[i]) is not { } refusal) continue;
            refusals ??= new string?[batch.Count];
            refusals[i] = refusal;
        }
        return refusals;
    }

    /// <summary>The batch without what is refused.</summary>
    public static CommandBatch Allowed(CommandBatch batch, string?[] refusals)
    {
        var allowed = new CommandBatch();
        for (int row = 0; row < batch.Count; row++)
        {
            if (refusals[row] is not null) continue;
            allowed.BeginCommand();
            for (int i = 0; i < batch[row].Count; i++) allowed.Add(batch[row][i]);
        }
        return allowed;
    }
}
