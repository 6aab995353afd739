using System.Collections;
using Galley.Store.Configuration;

namespace Galley.Api.Configuration;

/// <summary>
/// <c>galley --check-config [redis.conf] [--name value ...] [-]</c>: reads what a start would read, tells everything that
/// is wrong with it, and starts nothing.
/// </summary>
internal static class ConfigCheck
{
    /// <summary>0 where a server would take the configuration, 1 otherwise.</summary>
    public static int Run(IReadOnlyList<string> args, IDictionary environment, TextReader input, TextWriter output)
    {
        var faults = new List<string>();
        StartUp.Read(args, environment, input, fault => faults.Add(Told(fault)));
        foreach (string fault in faults) output.WriteLine(fault);
        output.WriteLine(faults.Count switch
        {
            0 => "The configuration is in order.",
            1 => "\n1 error",
            var count => $"\n{count} errors",
        });
        return faults.Count == 0 ? 0 : 1;
    }

    /// <summary>Without the title that stands over the one error of a start.</summary>
    private static string Told(ConfigurationException fault) =>
        fault.Message.Replace(ConfigurationException.Title + "\n", "", StringComparison.Ordinal);
}
