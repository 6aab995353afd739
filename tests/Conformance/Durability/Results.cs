using Galley.Conformance.Servers;

namespace Galley.Conformance.Durability;

/// <summary>Files what a full run found in tests/results, by date; a short run leaves no paper.</summary>
public static class Results
{
    public static void File(string name, string line)
    {
        if (!Oracle.IsFullRun) return;
        string folder = Path.Combine(Executables.Root, "tests", "results");
        Directory.CreateDirectory(folder);
        System.IO.File.AppendAllText(Path.Combine(folder, $"{name}-{DateTime.UtcNow:yyyy-MM-dd}.txt"), line + "\n");
    }
}
