namespace Galley.Store.Commands;

/// <summary>A subcommand of DEBUG, which COMMAND does not know: with so many values behind its name, and no others.</summary>
internal sealed record DebugSubcommand(string Name, int ValuesMin, int ValuesMax, CommandHandler Run)
{
    public bool IsNamed(ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(word, Name);
}
