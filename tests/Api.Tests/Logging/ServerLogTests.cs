using Galley.Api.Logging;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Logging;

public sealed class ServerLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-log-");
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_line_has_process_role_time_and_level()
    {
        var log = new ServerLog(new Settings { LogLevel = LogLevel.Debug }, new NewYear(), _output) { Role = 'C' };
        log.Debug("one");
        log.Verbose("two");
        log.Role = 'M';
        log.Notice("three");
        log.Warning("four");
        log.FromSignal("five");
        log.WriteRaw("six");

        int id = Environment.ProcessId;
        const string Time = "02 Jan 2030 03:04:05.006";
        Assert.Equal(
            [$"{id}:C {Time} . one", $"{id}:C {Time} - two", $"{id}:M {Time} * three", $"{id}:M {Time} # four",
                $"{id}:signal-handler (1893553445) five", "six", ""],
            _output.ToString().Split('\n'));
    }

    [Fact]
    public void The_level_counts_from_the_moment_it_is_set()
    {
        var settings = new Settings();
        var log = new ServerLog(settings, TimeProvider.System, _output);
        log.Verbose("before");
        Assert.Null(settings.Parameters.TrySet(["loglevel", "verbose"]));
        log.Verbose("after");
        Assert.Null(settings.Parameters.TrySet(["loglevel", "warning"]));
        log.Notice("last");

        Assert.EndsWith(" - after\n", Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)) + "\n");
    }

    [Fact]
    public void A_file_that_was_rotated_is_made_anew_in_the_folder_of_the_data()
    {
        var log = new ServerLog(new Settings { Directory = _folder.FullName, LogFile = "a.log" }, TimeProvider.System, _output);
        string file = Path.Combine(_folder.FullName, "a.log");
        log.DemandWritable();
        log.Notice("first");
        File.Move(file, file + ".1");
        log.Notice("second");

        Assert.EndsWith(" * first\n", File.ReadAllText(file + ".1"));
        Assert.EndsWith(" * second\n", File.ReadAllText(file));
        Assert.Equal("", _output.ToString());
    }

    [Theory]
    [InlineData("gone/a.log", "No such file or directory")]
    [InlineData(".", "Is a directory")]
    public void A_file_that_cannot_be_written_stops_the_start_and_later_nothing(string name, string reason)
    {
        var log = new ServerLog(new Settings { Directory = _folder.FullName, LogFile = name }, TimeProvider.System, _output);

        Assert.Contains($"Can't open the log file: {reason}\n", Assert.Throws<ConfigurationException>(log.DemandWritable).Message);
        Assert.Null(Record.Exception(() => log.Warning("lost")));
    }

    private sealed class NewYear : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2030, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);
    }
}
