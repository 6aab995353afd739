using Galley.Store.Types;

namespace Galley.Store.Commands;

/// <summary>DEBUG STRINGMATCH-TEST: patterns and texts without sense, to see that matching survives them all.</summary>
internal static class DebugGlob
{
    private const int Rounds = 100_000;
    private const int BytesMax = 32;

    public static void Run(Execution x)
    {
        Span<byte> pattern = stackalloc byte[BytesMax];
        Span<byte> text = stackalloc byte[BytesMax];
        for (int i = 0; i < Rounds; i++) _ = Glob.IsMatch(Fill(pattern, "*?[]-^\\abc"u8), Fill(text, "[]-^abc\0"u8));
        x.Reply.Simple("Apparently Galley did not crash: test passed"u8);
    }

    private static ReadOnlySpan<byte> Fill(Span<byte> room, ReadOnlySpan<byte> letters)
    {
        Span<byte> filled = room[..Random.Shared.Next(room.Length + 1)];
        Random.Shared.GetItems(letters, filled);
        return filled;
    }
}
