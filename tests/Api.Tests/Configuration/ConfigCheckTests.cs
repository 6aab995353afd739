using System.Collections;
using Galley.Api.Configuration;
using Xunit;

namespace Galley.Api.Tests.Configuration;

public sealed class ConfigCheckTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-check-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_a_server_would_take_is_in_order() =>
        Assert.Equal((0, "The configuration is in order.\n"), Check("hz 20\n# a comment\n", "--port", "7000"));

    [Fact]
    public void Every_fault_is_told_with_its_line()
    {
        (int code, string output) = Check("hz x\nport 7000\nrequirepass \"a\ninclude a b\ninclude /no/such.conf\nmaxmemroy 1gb\n", "--timeout", "y");

        Assert.Equal(1, code);
        Assert.Contains("at line 1\n>>> 'hz x'\nargument couldn't be parsed into an integer\nIts default is: hz 10\n", output);
        Assert.Contains("at line 3\n>>> 'requirepass \"a'\nUnbalanced quotes", output);
        Assert.Contains("at line 4\n>>> 'include a b'\nwrong number of arguments\n", output);
        Assert.Contains("can't open config file '/no/such.conf': No such file or directory\n", output);
        Assert.Contains("at line 6\n>>> 'maxmemroy 1gb'\nBad directive or wrong number of arguments\nDid you mean 'maxmemory'?\n", output);
        Assert.Contains("Reading the command line, at '--timeout'\n", output);
        Assert.Contains($"The file is {ConfigPath}.", output);
        Assert.EndsWith("\n6 errors\n", output);
    }

    [Fact]
    public void A_command_that_cannot_be_renamed_is_a_fault() =>
        Assert.Contains(">>> 'rename-command NOSUCH X'\n", Check("hz 20\nrename-command NOSUCH X\n").Output);

    [Fact]
    public void A_file_that_is_not_there_is_a_fault()
    {
        using var output = new StringWriter { NewLine = "\n" };

        int code = ConfigCheck.Run(["/no/such.conf"], new Hashtable(), TextReader.Null, output);

        Assert.Equal(1, code);
        Assert.Equal("Fatal error, can't open config file '/no/such.conf': No such file or directory\n\n1 error\n", output.ToString());
    }

    private string ConfigPath => Path.Combine(_folder.FullName, "a.conf");

    private (int Code, string Output) Check(string text, params string[] more)
    {
        File.WriteAllText(ConfigPath, text);
        using var output = new StringWriter { NewLine = "\n" };
        return (ConfigCheck.Run([ConfigPath, .. more], new Hashtable(), TextReader.Null, output), output.ToString());
    }
}
