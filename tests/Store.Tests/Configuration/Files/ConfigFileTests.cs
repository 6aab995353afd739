using Galley.Store.Configuration;
using Xunit;

namespace Galley.Store.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-config-");
    private readonly Settings _settings = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Later_lines_win_and_comments_and_blank_lines_are_skipped()
    {
        Load("# a comment\n\n   hz 20\r\nHZ 30\n  # another\nappendfsync \"always\"");

        Assert.Equal(30, _settings.Hz);
        Assert.Equal(AppendFsync.Always, _settings.AppendFsync);
    }

    [Fact]
    public void Save_lines_replace_the_default_and_then_add_up()
    {
        Load("save 900 1 300 10\nsave \"60 5\"");
        Assert.Equal("900 1 300 10 60 5", _settings.Parameters.Find("save")!.Text);

        Load("save \"\"");
        Assert.Equal("", _settings.Parameters.Find("save")!.Text);
    }

    [Fact]
    public void Buffer_limits_merge_class_by_class()
    {
        Load("client-output-buffer-limit normal 1mb 2mb 3\nclient-output-buffer-limit pubsub 1 2 3");

        Assert.Equal("normal 1048576 2097152 3 slave 268435456 67108864 60 pubsub 1 2 3",
            _settings.Parameters.Find("client-output-buffer-limit")!.Text);
    }

    [Fact]
    public void Bind_takes_many_addresses_and_none()
    {
        Load("bind 127.0.0.1 -::1 10.0.0.1");
        Assert.Equal(["127.0.0.1", "-::1", "10.0.0.1"], _settings.Bind.Addresses);

        Load("bind \"\"");
        Assert.Empty(_settings.Bind.Addresses);
    }

    [Fact]
    public void A_file_is_included_in_its_place_and_a_pattern_may_find_none()
    {
        Write("b1.conf", "hz 11\ntimeout 5");
        Write("b2.conf", "timeout 6");

        Load($"hz 10\ninclude {_folder.FullName}/b*.conf\ninclude {_folder.FullName}/none*.conf\nhz 12");

        Assert.Equal(12, _settings.Hz);
        Assert.Equal(6, _settings.Timeout);
    }

    [Fact]
    public void A_file_that_includes_itself_stops_the_start()
    {
        string path = Path.Combine(_folder.FullName, "a.conf");
        Assert.Contains("too deeply", Refusal($"include {path}"));
    }

    [Theory]
    [InlineData("port 6379\nfoo bar", "at line 2\n>>> 'foo bar'\nBad directive or wrong number of arguments\n")]
    [InlineData("prot 6379", "at line 1\n>>> 'prot 6379'\nBad directive or wrong number of arguments\nDid you mean 'port'?")]
    [InlineData("port", ">>> 'port'\nwrong number of arguments\n")]
    [InlineData("port 1 2", ">>> 'port 1 2'\nwrong number of arguments\nIts default is: port 6379")]
    [InlineData("hz \"\"", ">>> 'hz \"\"'\nargument couldn't be parsed into an integer\n")]
    [InlineData("save \"", ">>> 'save \"'\nUnbalanced quotes in configuration line\n")]
    [InlineData("requirepass \"abc\"def", "Unbalanced quotes in configuration line\n")]
    [InlineData("unixsocketperm 888", "argument couldn't be parsed as an octal number\n")]
    [InlineData("unixsocketperm 1777", "argument must be between 0 and 777 inclusive\n")]
    [InlineData("appendfilename a/b", "appendfilename can't be a path, just a filename\n")]
    [InlineData("appendfilename \"\"", "appendfilename can't be empty\n")]
    [InlineData("appenddirname a/b", "appenddirname can't be a path, just a dirname\n")]
    [InlineData("dir /no/such/folder", "No such file or directory\n")]
    [InlineData("tls-port 6380", "Galley cannot open a TLS port\nSet it to its default")]
    [InlineData("replicaof 127.0.0.1 6379", "Galley does not replicate\nRemove the line")]
    [InlineData("slaveof host 70000", "Invalid master port\n")]
    [InlineData("loadmodule /a.so 1", "Galley loads no modules\n")]
    [InlineData("loadmodule", "Bad directive or wrong number of arguments\n")]
    [InlineData("sentinel monitor a 127.0.0.1 6379 2", "sentinel directive while not in sentinel mode\n")]
    [InlineData("rename-command GET", "Bad directive or wrong number of arguments\n")]
    [InlineData("list-max-ziplist-entries 1 2", "Bad directive or wrong number of arguments\n")]
    [InlineData("user bob on >s3cret ~* +@all", "user (not shown)'\nGalley has no users but the default one\n")]
    [InlineData("user default on >s3cret ~app:* &* +@all", "user (not shown)'\nGalley cannot honour a rule of the default user\n")]
    [InlineData("user default on >s3cret", "Galley cannot take rights from the default user\n")]
    [InlineData("user default off nopass ~* &* +@all", "Galley cannot honour a rule of the default user\n")]
    [InlineData("enable-debug-command foo", "argument(s) must be one of the following: no, yes, local\n")]
    [InlineData("databases 0", "argument must be between 1 and 2147483647 inclusive\n")]
    [InlineData("include nosuch.conf", "Fatal error, can't open config file")]
    public void What_cannot_be_read_stops_the_start_and_says_where(string text, string refusal) =>
        Assert.Contains(refusal, Refusal(text));

    [Fact]
    public void The_default_user_may_have_a_password()
    {
        Load("user default ON >s3cret allkeys allchannels allcommands");
        Assert.Equal("s3cret", _settings.RequirePass);

        Load("user default on nopass ~* &* +@all sanitize-payload");
        Assert.Equal("", _settings.RequirePass);
    }

    [Fact]
    public void Lines_that_redis_server_still_reads_and_no_longer_follows_are_passed_over()
    {
        Load("list-max-ziplist-entries 5\nlist-max-ziplist-value 64\nlua-replicate-commands yes\nsentinel\nhz 20");

        Assert.Equal(20, _settings.Hz);
    }

    [Fact]
    public void A_password_may_be_any_bytes()
    {
        Load("requirepass \"\\xff\\x00a\"");

        Assert.Equal([0xFF, 0, (byte)'a'], TextBytes.Encode(_settings.RequirePass));
    }

    [Fact]
    public void A_secret_is_never_repeated()
    {
        string refusal = Refusal("requirepass s3cret and more");

        Assert.DoesNotContain("s3cret", refusal);
        Assert.Contains("requirepass (not shown)", refusal);
    }

    [Theory]
    [InlineData("a b  c", new[] { "a", "b", "c" })]
    [InlineData("a \"b c\" 'd e'", new[] { "a", "b c", "d e" })]
    [InlineData("\"\\x41\\n\\q\\x4\" 'it\\'s'", new[] { "A\nqx4", "it's" })]
    [InlineData("\"\\xc3\\xa9\" \u00e9", new[] { "\u00e9", "\u00e9" })]
    [InlineData("a \"\"", new[] { "a", "" })]
    [InlineData("", new string[0])]
    [InlineData("\"open", null)]
    [InlineData("'a'b", null)]
    public void Words_are_cut_by_the_rules_of_redis_server(string line, string[]? words) =>
        Assert.Equal(words, WordSplitter.Split(line));

    [Theory]
    [InlineData("")]
    [InlineData("a \"b\" \\ \n\t\u0001\a\b\u007f\u00e9")]
    public void A_quoted_word_reads_back(string word) => Assert.Equal([word], WordSplitter.Split(WordSplitter.Quote(word)));

    private string Refusal(string text) => Assert.Throws<ConfigurationException>(() => Load(text)).Message;

    private void Load(string text)
    {
        foreach (Directive directive in ConfigFile.Read(Write("a.conf", text))) directive.ApplyTo(_settings);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
