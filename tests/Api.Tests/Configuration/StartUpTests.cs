using System.Collections;
using Galley.Api.Configuration;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Configuration;

public sealed class StartUpTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-start-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        string file = Write("hz 11\ntimeout 5\nmaxclients 100\nsave 1 1");
        var environment = new Hashtable { ["GALLEY_CONFIG_TIMEOUT"] = "6", ["GALLEY_CONFIG_MAXCLIENTS"] = "200", ["GALLEY_CONFIG_SAVE"] = "9 9", ["PATH"] = "/bin" };

        Settings settings = Read(environment, file, "--maxclients", "300").Settings;

        Assert.Equal((11, 6, 300L), (settings.Hz, settings.Timeout, settings.MaxClients));
        Assert.Equal("9 9", settings.Save.Text);
    }

    [Fact]
    public void An_environment_variable_may_have_underscores_for_dashes() =>
        Assert.Equal(7, Read(new Hashtable { ["GALLEY_CONFIG_TCP_KEEPALIVE"] = "7" }).Settings.TcpKeepAliveSeconds);

    [Fact]
    public void A_name_that_has_underscores_of_its_own_keeps_them() =>
        Assert.Equal("0-1", Read(new Hashtable { ["GALLEY_CONFIG_BIO_CPULIST"] = "0-1" }).Settings.BackgroundCpuList);

    [Fact]
    public void The_file_is_known_by_its_full_path_and_the_port_of_HTTP_that_nobody_named_is_the_default()
    {
        string file = Write("port 7000");

        Settings settings = Read([], Path.GetRelativePath(Environment.CurrentDirectory, file)).Settings;

        Assert.Equal(file, settings.ConfigFilePath);
        Assert.Equal("", Read([]).Settings.ConfigFilePath);
        Assert.True(settings.Parameters.Find("http-port")!.IsDefault);
        Assert.False(Read([], "--http-port", "1").Settings.Parameters.Find("http-port")!.IsDefault);
    }

    [Fact]
    public void Options_take_several_values_quotes_and_none_for_save()
    {
        Settings settings = Read([], "--bind", "127.0.0.1", "::1", "--save", "900", "1", "300", "10",
            "--client-output-buffer-limit", "normal 1 2 3", "--requirepass", "two words", "--APPENDFSYNC", "always").Settings;

        Assert.Equal(["127.0.0.1", "::1"], settings.Bind.Addresses);
        Assert.Equal("900 1 300 10", settings.Save.Text);
        Assert.Equal(new OutputLimit(1, 2, 3), settings.ClientOutputBufferLimit.Normal);
        Assert.Equal("two words", settings.RequirePass);
        Assert.Equal(AppendFsync.Always, settings.AppendFsync);
        Assert.Equal("", Read([], "--save", "").Settings.Save.Text);
        Assert.Equal("", Read([], "--save", "--hz", "20").Settings.Save.Text);
        Assert.Equal("900 1", Read([], "--save", "900 1").Settings.Save.Text);
        Assert.Equal("--dashes", Read([], "--requirepass", "--dashes", "--hz", "20").Settings.RequirePass);
    }

    [Fact]
    public void Standard_input_is_more_of_the_file()
    {
        Settings settings = StartUp.Read([Write("hz 11"), "--timeout", "9", "-"], new Hashtable(), new StringReader("hz 12\ntimeout 8")).Settings;

        Assert.Equal((12, 9), (settings.Hz, settings.Timeout));
        Assert.Equal("hz 12", StartUp.Read(["-", "--timeout", "9"], new Hashtable(), new StringReader("hz 12")).StandardInput);
    }

    [Fact]
    public void An_option_may_be_one_word_with_its_value()
    {
        Settings settings = Read([], "--hz 20", "--bind 127.0.0.1", "::1", "--requirepass 'two words'").Settings;

        Assert.Equal(20, settings.Hz);
        Assert.Equal(["127.0.0.1", "::1"], settings.Bind.Addresses);
        Assert.Equal("two words", settings.RequirePass);
    }

    [Fact]
    public void An_empty_word_stands_for_no_file_and_two_dashes_for_nothing()
    {
        StartUp startUp = Read([], "", "--hz", "20", "--");

        Assert.Equal(("", 20, false), (startUp.Settings.ConfigFilePath, startUp.Settings.Hz, startUp.IsUnconfigured));
        Assert.True(Read([]).IsUnconfigured);
    }

    [Fact]
    public void The_file_is_known_by_its_full_path() =>
        Assert.Equal(Path.GetFullPath(Write("hz 11")), Read([], Path.GetRelativePath(".", Write("hz 11"))).Settings.ConfigFilePath);

    [Theory]
    [InlineData(">>> 'port \"abc\"'\nargument couldn't be parsed into an integer", "--port", "abc")]
    [InlineData(">>> 'port'\nwrong number of arguments", "--port")]
    [InlineData(">>> 'port \"--hz\"'\nargument couldn't be parsed into an integer", "--port", "--hz")]
    [InlineData(">>> 'appendonly \"yes\" \"no\"'\nwrong number of arguments", "--appendonly", "yes", "no")]
    [InlineData(">>> 'port \"1\" \"-\"'\nwrong number of arguments", "--port", "1", "-", "--hz", "9")]
    [InlineData(">>> '-x'\nBad directive or wrong number of arguments\nThe file comes first", "-x")]
    [InlineData(">>> '--hz'\nBad directive or wrong number of arguments\nThe file comes first", "--", "--hz", "20")]
    [InlineData("Its default is: hz 10", "--hz", "20", "--hz", "x")]
    [InlineData(">>> 'dir \"/no/such\"'\nNo such file or directory\nMake the folder, or name one that is there.", "--dir", "/no/such")]
    [InlineData(">>> 'port=26398'\nBad directive or wrong number of arguments", "--port=26398")]
    [InlineData("Reading the command line, at '--nosuch'\n>>> 'nosuch \"1\"'", "--nosuch", "1")]
    [InlineData("Fatal error, can't open config file", "/no/such/file.conf")]
    public void What_cannot_be_read_stops_the_start(string refusal, params string[] args) =>
        Assert.Contains(refusal, Assert.Throws<ConfigurationException>(() => Read([], args)).Message);

    [Fact]
    public void A_bad_environment_variable_is_named() => Assert.Contains("the environment variable GALLEY_CONFIG_HZ",
        Assert.Throws<ConfigurationException>(() => Read(new Hashtable { ["GALLEY_CONFIG_HZ"] = "x" })).Message);

    [Fact]
    public void HTTP_listens_1000_above_RESP_unless_it_is_named()
    {
        Assert.Equal((7379, false), HttpPort());
        Assert.Equal((8000, false), HttpPort("--port", "7000"));
        Assert.Equal((9999, true), HttpPort("--port", "7000", "--http-port", "9999"));
        Assert.Equal((0, true), HttpPort("--http-port", "0"));
        Assert.Equal((0, false), HttpPort("--port", "0"));
        Assert.Equal((0, false), HttpPort("--port", "65000"));

        static (int, bool) HttpPort(params string[] args)
        {
            StartUp startUp = Read([], args);
            return (startUp.Settings.HttpPort, startUp.IsHttpPortNamed);
        }
    }

    [Fact]
    public void Options_of_the_host_pass_through_untouched()
    {
        string[] host = ["--environment=Development", "--contentRoot=/x", "--applicationName=galley"];

        StartUp startUp = Read([], [.. host, "--hz", "20"]);

        Assert.Equal(host, startUp.HostArguments);
        Assert.Equal(20, startUp.Settings.Hz);
    }

    private static StartUp Read(Hashtable environment, params string[] args) => StartUp.Read(args, environment, TextReader.Null);

    private string Write(string text)
    {
        string path = Path.Combine(_folder.FullName, "a.conf");
        File.WriteAllText(path, text);
        return path;
    }
}
