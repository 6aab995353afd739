using System.Text;
using Galley.Store.Persistence.Checks;
using Galley.Store.Tests.Persistence.Files;

namespace Galley.Store.Tests.Persistence.Checks;

/// <summary><c>galley check-aof</c>: whole files and damaged ones, sets of them, and what it does to them when asked.</summary>
public sealed class AofCheckTests
{
    private const string File = "/data/a.aof";
    private const string Manifest = "/data/appendonly.aof.manifest";
    private const string First = "/data/appendonly.aof.1.incr.aof";
    private const string Second = "/data/appendonly.aof.2.incr.aof";
    private const string Set = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
    private const string Multi = "*1\r\n$5\r\nMULTI\r\n";
    private const string Exec = "*1\r\n$4\r\nEXEC\r\n";

    private readonly SimulatedFiles _disk = new(1);

    [Fact]
    public void A_whole_file_is_counted()
    {
        Place(File, "#TS:100\r\n" + Set + Multi + Set + Exec);
        (int code, string said) = Check("", File);
        Assert.Equal(0, code);
        Assert.Equal($"Start checking Old-Style AOF\nAOF analyzed: filename={File}, size=92, ok_up_to=92, ok_up_to_line=21, diff=0\nAOF {File} is valid\n", said);
    }

    [Theory]
    [InlineData(Set, "*3\r\n$3\r\nSE", 27, "0x              25: Expected the rest of the command at offset 27, got the end of the file")]
    [InlineData(Set, Multi + Set, 27, "Reached EOF before reading EXEC for MULTI")]
    [InlineData(Set, "*3\r\n$x\r\n", 27, "0x              20: Expected the parts of the command at offset 27")]
    [InlineData("", "hello", 0, "format error")]
    [InlineData(Set, "*99999999999\r\n", 27, "0x")]
    [InlineData(Set, "*2\r\n$999999999\r\n", 27, "0x")]
    public void Damage_is_told_with_its_place_and_cut_off_on_demand(string whole, string rest, int validTo, string reason)
    {
        Place(File, whole + rest);
        (int code, string said) = Check("", File);
        Assert.Equal(1, code);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.Contains($"size={whole.Length + rest.Length}, ok_up_to={validTo}, ", said, StringComparison.Ordinal);
        Assert.EndsWith($"AOF {File} is not valid. Use the --fix option to try fixing it.\n", said, StringComparison.Ordinal);

        Assert.Equal(1, Check("n\n", "--fix", File).Code);
        Assert.Equal(1, Check("", "--fix", File).Code);
        Assert.Equal(whole.Length + rest.Length, _disk.Content(File).Length);
        (code, said) = Check("y\n", "--fix", File);
        Assert.Equal(0, code);
        Assert.EndsWith($"Continue? [y/N]: Successfully truncated AOF {File}\n", said, StringComparison.Ordinal);
        Assert.Equal(validTo, _disk.Content(File).Length);
        Assert.Equal(0, Check("", File).Code);
    }

    [Fact]
    public void A_set_is_checked_file_by_file_and_only_its_last_one_is_cut()
    {
        Place(Manifest, "file appendonly.aof.1.incr.aof seq 1 type i\nfile appendonly.aof.2.incr.aof seq 2 type i\n");
        Place(First, Set);
        Place(Second, Set + "*1\r\n");
        (int code, string said) = Check("y\n", "--fix", Manifest);
        Assert.Equal(0, code);
        Assert.Contains("INCR AOF appendonly.aof.1.incr.aof is valid\n", said, StringComparison.Ordinal);
        Assert.EndsWith("All AOF files and manifest are valid\n", said, StringComparison.Ordinal);
        Assert.Equal(27, _disk.Content(Second).Length);

        Place(First, Set + "*1\r\n");
        (code, said) = Check("y\n", "--fix", Manifest);
        Assert.Equal(1, code);
        Assert.EndsWith("Failed to truncate AOF appendonly.aof.1.incr.aof because it is not the last file\n", said, StringComparison.Ordinal);
        Assert.Equal(31, _disk.Content(First).Length);
    }

    [Fact]
    public void What_is_younger_than_a_time_is_cut_off()
    {
        string content = "#TS:100\r\n" + Set + "#TS:200\r\n" + Multi + Set + Exec + "#TS:300\r\n" + Set;
        Place(File, content);
        Assert.EndsWith("has nothing before timestamp 99, aborting...\n", Check("", "--truncate-to-timestamp", "99", File).Said, StringComparison.Ordinal);
        Assert.Contains("Truncate nothing", Check("", "--truncate-to-timestamp", "300", File).Said, StringComparison.Ordinal);
        (int code, string said) = Check("", "--truncate-to-timestamp", "250", File);
        Assert.Equal(0, code);
        Assert.EndsWith($"Successfully truncated AOF {File} to timestamp 250\n", said, StringComparison.Ordinal);
        Assert.Equal(content.IndexOf("#TS:300", StringComparison.Ordinal), _disk.Content(File).Length);
        Assert.Equal(0, Check("", "--truncate-to-timestamp", "100", File).Code);
        Assert.Equal(36, _disk.Content(File).Length);
    }

    [Fact]
    public void A_manifest_that_is_damaged_or_lists_what_is_gone_is_told()
    {
        Place(Manifest, "file appendonly.aof.1.incr.aof seq 1 type i\nfile x\n");
        Assert.Contains("is damaged at line 2", Check("", Manifest).Said, StringComparison.Ordinal);
        Place(Manifest, "file appendonly.aof.1.incr.aof seq 1 type i\n");
        (int code, string said) = Check("", Manifest);
        Assert.Equal(1, code);
        Assert.Contains("Cannot open file", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--truncate-to-timestamp", "0", File)]
    [InlineData("--truncate-to-timestamp", "x", File)]
    [InlineData("--repair", File)]
    [InlineData("--fix", File, "more")]
    public void Other_words_get_the_usage(params string[] args)
    {
        (int code, string said) = Check("", args);
        Assert.Equal(1, code);
        Assert.StartsWith("Usage: ", said, StringComparison.Ordinal);
    }

    private void Place(string path, string content) => _disk.Place(path, Encoding.ASCII.GetBytes(content));

    private (int Code, string Said) Check(string answers, params string[] args)
    {
        using var said = new StringWriter { NewLine = "\n" };
        using var input = new StringReader(answers);
        int code = new FileChecks(new CheckOutput(said, TextWriter.Null), input, TimeProvider.System, _disk).Aof(args);
        return (code, said.ToString());
    }
}
