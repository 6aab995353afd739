using Galley.Api.Lifecycle;
using Galley.Api.Logging;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Lifecycle;

public sealed class PidFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-pid-");
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void It_holds_the_process_id_until_it_is_removed()
    {
        PidFile? file = Write("a.pid");

        string path = Path.Combine(_folder.FullName, "a.pid");
        Assert.Equal($"{Environment.ProcessId}\n", File.ReadAllText(path));
        file!.Remove();
        Assert.False(File.Exists(path));
        Assert.EndsWith(" * Removing the pid file.\n", _output.ToString());
    }

    [Fact]
    public void Without_a_name_there_is_none() => Assert.Null(Write(""));

    [Fact]
    public void One_that_cannot_be_written_is_told_and_stops_nothing()
    {
        PidFile? file = Write("gone/a.pid");

        Assert.Contains(" # Failed to write PID file: ", _output.ToString());
        Assert.Null(Record.Exception(file!.Remove));
    }

    private PidFile? Write(string name)
    {
        var settings = new Settings { Directory = _folder.FullName, PidFile = name };
        return PidFile.Write(settings, isDaemon: false, new ServerLog(settings, TimeProvider.System, _output));
    }
}
