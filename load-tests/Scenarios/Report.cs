using System.Globalization;

namespace Galley.LoadTests;

/// <summary>Prints lines, and with <c>--file yes</c> adds them to load-tests/results, in a file of the day.</summary>
public sealed class Report : IDisposable
{
    private readonly StreamWriter? _file;

    public Report(string scenario, Options options)
    {
        if (options.IsSet("file"))
        {
            string folder = Path.Combine(Servers.Root, "load-tests", "results");
            Directory.CreateDirectory(folder);
            _file = new StreamWriter(Path.Combine(folder, $"{DateTime.UtcNow:yyyy-MM-dd}-{scenario}.txt"), append: true);
        }
        Line($"# {scenario} {options}");
        Line($"# {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {Environment.OSVersion.VersionString}, .NET {Environment.Version}");
    }

    public void Line(FormattableString line)
    {
        string text = line.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(text);
        _file?.WriteLine(text);
        _file?.Flush();
    }

    public void Dispose() => _file?.Dispose();
}
