using System.Text;
using Galley.Store.Commands;
using Galley.Store.Configuration;

namespace Galley.Api.Rest;

/// <summary>What to do next after Redis's own words for a command that Galley does not have.</summary>
internal static class UnknownCommand
{
    private const int NameCharsMax = 32;

    /// <summary>What follows the error, or null where it is another one.</summary>
    public static string? Advice(ReadOnlySpan<byte> error)
    {
        ReadOnlySpan<byte> beginning = "ERR unknown command '"u8;
        if (!error.StartsWith(beginning)) return null;
        ReadOnlySpan<byte> name = error[beginning.Length..];
        int end = name.IndexOf((byte)'\'');
        string? nearest = end is > 0 and <= NameCharsMax ? Nearest(Encoding.Latin1.GetString(name[..end])) : null;
        return (nearest is null ? "" : $"Did you mean '{nearest}'? ") + "All commands are listed at /swagger";
    }

    private static string? Nearest(string name)
    {
        var names = new List<string>();
        foreach (CommandInfo command in CommandTable.Shared.TopLevel) names.Add(command.LowerName);
        return NearestName.Of(name, names)?.ToUpperInvariant();
    }
}
