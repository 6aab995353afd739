using System.Text.RegularExpressions;

namespace Galley.House;

/// <summary>What a repository that others clone may not hold.</summary>
public sealed class RepositoryTests
{
    private static readonly string[] Texts = [".cs", ".csproj", ".props", ".slnx", ".md", ".json", ".yaml", ".yml", ".sh", ".js", ".mjs", ".html", ".txt", ".conf"];

    [Fact]
    public void No_file_names_the_machine_it_was_written_on()
    {
        // Put together here, so that this file does not find itself.
        string pattern = string.Join('|', "/wor" + "k/(wt|main|shared)", "registry\\.npm" + "js", "api\\.nu" + "get\\.org", "/home/[a-z]+/", "/ro" + "ot/");
        string[] hits = [.. from path in Files()
                            let number = File.ReadLines(path).Select((text, i) => (text, i)).FirstOrDefault(l => Regex.IsMatch(l.text, pattern))
                            where number.text is not null
                            select $"{Path.GetRelativePath(Sources.Root, path)}:{number.i + 1}: {number.text.Trim()}"];
        Assert.True(hits.Length == 0, $"{string.Join('\n', hits)}\nRemedy: paths from the root of the repository, and no registry's address.");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(Sources.Root, "Galley.slnx"));
        string[] missing = [.. Files().Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(Sources.Root, f).Replace('\\', '/')).Where(f => !solution.Contains(f, StringComparison.Ordinal))];
        Assert.True(missing.Length == 0, $"{string.Join(", ", missing)} not in Galley.slnx. Remedy: add the project, or dotnet test passes it over.");
    }

    [Fact]
    public void Every_package_has_its_version_in_one_place()
    {
        string[] hits = [.. Files().Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(File.ReadAllText(f), "<PackageReference[^>]*Version="))];
        Assert.True(hits.Length == 0, $"{string.Join(", ", hits)} give versions. Remedy: they belong in Directory.Packages.props.");
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Sources.Root, "*", SearchOption.AllDirectories)
            .Where(f => !Regex.IsMatch(Path.GetRelativePath(Sources.Root, f).Replace('\\', '/'), @"(^|/)(bin|obj|node_modules|\.git|TestResults)(/|$)"))
            .Where(f => Texts.Contains(Path.GetExtension(f)) || f.EndsWith("/run", StringComparison.Ordinal));
}
