using System.Globalization;
using System.Text;
using Galley.Store.Observability;

namespace Galley.Store.Tests.Commands.Server;

/// <summary>The logs of large requests and replies; that of slow commands is SLOWLOG's.</summary>
public sealed class CommandLogTests
{
    [Fact]
    public void A_large_value_is_noted_when_it_is_written_and_when_it_is_read()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect(TestConnection.From("10.0.0.1:77"));
        client.Run("SET", "small", new string('x', 1000));
        client.Run("SET", "big", new string('x', 1 << 20));
        client.Run("GET big");
        client.Run("GET small");
        CommandLogEntry request = Entries(fixture, CommandLogKind.LargeRequest).Single();
        // *3 $3 SET $3 big $1048576 and the value, each with its line's end.
        Assert.Equal(4 + 9 + 9 + 10 + (1 << 20) + 2, request.Amount);
        Assert.Equal("SET", Encoding.Latin1.GetString(request.Arguments[0]));
        Assert.Equal("10.0.0.1:77", request.Address);
        CommandLogEntry reply = Entries(fixture, CommandLogKind.LargeReply).Single();
        Assert.Equal(10 + (1 << 20) + 2, reply.Amount);
        Assert.StartsWith($"*1 *6 :{reply.Id} :{reply.TimeSeconds} :{reply.Amount} *2 $3 GET $3 big ",
            client.Run("COMMANDLOG GET -1 large-reply"), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_setting_allows_is_noted_and_nothing_when_it_is_minus_one()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("CONFIG SET commandlog-request-larger-than 24 commandlog-reply-larger-than 7");
        client.Run("COMMANDLOG RESET large-request");
        client.Run("ECHO 1234");
        client.Run("ECHO 12345");
        Assert.Equal(["ECHO 12345", "COMMANDLOG RESET large-request"], Entries(fixture, CommandLogKind.LargeRequest).Select(Words));
        Assert.Equal(["ECHO 12345", "ECHO 1234"], Entries(fixture, CommandLogKind.LargeReply).Select(Words));
        client.Run("CONFIG SET commandlog-request-larger-than -1 commandlog-reply-larger-than -1");
        client.Run("COMMANDLOG RESET large-request");
        client.Run("COMMANDLOG RESET large-reply");
        client.Run("ECHO 123456789");
        Assert.Equal(":0 :0", client.Run("COMMANDLOG LEN large-request") + " " + client.Run("COMMANDLOG LEN LARGE-REPLY"));
    }

    [Fact]
    public void A_log_keeps_its_newest_and_the_settings_of_slow_commands_have_two_names()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("CONFIG SET commandlog-large-request-max-len 2 commandlog-request-larger-than 0 commandlog-execution-slower-than 0");
        Assert.Contains("$1 0", client.Run("CONFIG GET slowlog-log-slower-than"), StringComparison.Ordinal);
        for (int i = 0; i < 5; i++) client.Run(string.Create(CultureInfo.InvariantCulture, $"ECHO {i}"));
        Assert.Equal(["ECHO 4", "ECHO 3"], Entries(fixture, CommandLogKind.LargeRequest).Select(Words));
        Assert.Equal(":7", client.Run("COMMANDLOG LEN SLOW"));
        Assert.Equal(":8", client.Run("SLOWLOG LEN"));
        client.Run("COMMANDLOG RESET SLOW");
        Assert.Equal(["COMMANDLOG RESET SLOW"], fixture.Server.SlowLog.Entries.Select(Words));
    }

    [Fact]
    public void Commands_of_a_transaction_stand_for_it_and_secrets_are_not_kept()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("CONFIG SET commandlog-request-larger-than 0");
        client.Run("COMMANDLOG RESET large-request");
        foreach (string command in (string[])["MULTI", "SET a 1", "EXEC", "AUTH me secret"]) client.Run(command);
        Assert.Equal(["AUTH (redacted) (redacted)", "SET a 1", "MULTI", "COMMANDLOG RESET large-request"],
            Entries(fixture, CommandLogKind.LargeRequest).Select(Words));
    }

    [Fact]
    public void A_reply_for_which_a_client_had_to_wait_is_seen_too()
    {
        using var fixture = new EngineFixture();
        TestClient waiting = fixture.Connect(), client = fixture.Connect();
        client.Run("CONFIG SET commandlog-reply-larger-than 1000");
        _ = waiting.Start("BLPOP l 0");
        client.Run("RPUSH", "l", new string('x', 2000));
        Assert.Equal(["BLPOP l 0"], Entries(fixture, CommandLogKind.LargeReply).Select(Words));
    }

    private static IEnumerable<CommandLogEntry> Entries(EngineFixture fixture, CommandLogKind kind) => fixture.Server.CommandLogOf(kind).Entries;

    private static string Words(CommandLogEntry entry) => string.Join(' ', entry.Arguments.Select(Encoding.Latin1.GetString));
}
