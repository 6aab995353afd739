using System.Diagnostics;
using System.Net;
using System.Text;
using Galley.Conformance.Servers;
using Galley.Conformance.Wire;

namespace Galley.Conformance.Busy;

/// <summary>A command that takes longer than <c>busy-reply-threshold</c>: the other clients hear of it, at every door.</summary>
public sealed class BusyTests : IDisposable
{
    private const string Busy = "BUSY Redis is busy running a command. You can only call SHUTDOWN NOSAVE.";

    private readonly ServerProcess _galley;
    private readonly RespConnection _sleeper;
    private readonly RespConnection _other;

    public BusyTests()
    {
        Oracle.DemandGalley();
        _galley = ServerProcess.StartGalleyWithHttp(isAwaited: true, "--busy-reply-threshold", "100", "--appendonly", "yes", "--appendfsync", "always");
        _sleeper = _galley.Connect(20_000);
        _other = _galley.Connect(20_000);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _sleeper.Dispose();
        _other.Dispose();
        _galley.Dispose();
    }

    [Fact]
    public void Others_hear_busy_until_it_has_ended()
    {
        _other.Ask("SET", "a", "1");
        Sleep("2");
        Assert.Equal(Busy, _other.Ask("GET", "a").Text);
        using RespConnection guest = _galley.Connect(20_000);
        Assert.Equal(Busy, guest.Ask("PING").Text);
        Assert.Equal("OK", guest.Ask("MULTI").Text);
        Assert.Equal(Busy, guest.Ask("SET", "a", "2").Text);
        Assert.Equal(Busy, _other.Ask("SHUTDOWN").Text);
        Assert.Equal("EXECABORT Transaction discarded because of: " + Busy, guest.Ask("EXEC").Text);
        Assert.StartsWith("*", Encoding.ASCII.GetString(guest.Ask("HELLO", "2").Bytes), StringComparison.Ordinal);
        Assert.Equal("OK", guest.Ask("WATCH", "a").Text);
        Assert.Equal("RESET", guest.Ask("RESET").Text);
        Assert.Equal("OK", _sleeper.Read().Text);
        Assert.Equal("1", _other.Ask("GET", "a").Text);
        Assert.Equal("OK", guest.Ask("SET", "a", "3").Text);
    }

    [Fact]
    public void So_do_those_who_wait_for_a_save_or_for_what_is_read_back()
    {
        Assert.Equal("OK", _other.Ask("DEBUG", "POPULATE", "1500000", "key", "100").Text);
        _sleeper.Send(CommandLine.Encode("SAVE"));
        AskUntil(Busy);
        Assert.Equal("OK", _sleeper.Read().Text);
        _sleeper.Send(CommandLine.Encode("DEBUG", "RELOAD", "NOSAVE"));
        AskUntil("LOADING Redis is loading the dataset in memory");
        Assert.Equal("OK", _sleeper.Read().Text);
        Assert.Equal("1500000", _other.Ask("DBSIZE").Text);
    }

    [Fact]
    public void What_was_asked_in_the_same_turn_is_answered_before_it_ends()
    {
        // Whoever sends these at the same time has good chances to share a turn with the sleeper.
        RespConnection[] clients = [.. Enumerable.Range(0, 8).Select(_ => _galley.Connect(20_000))];
        foreach (RespConnection client in clients.Take(4)) client.Send(CommandLine.Encode("SET", "a", "1"));
        _sleeper.Send(CommandLine.Encode("DEBUG", "SLEEP", "5"));
        foreach (RespConnection client in clients.Skip(4)) client.Send(CommandLine.Encode("SET", "a", "1"));
        long startedAt = Stopwatch.GetTimestamp();
        foreach (RespConnection client in clients) Assert.True(client.Read().Text is "OK" or Busy);
        Assert.True(Stopwatch.GetElapsedTime(startedAt).TotalSeconds < 4, "They were answered only when the sleeper had woken.");
        foreach (RespConnection client in clients) client.Dispose();
    }

    [Fact]
    public async Task The_doors_of_http_say_so_too()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_galley.HttpPort}") };
        await http.GetStringAsync("/get/a", Cancelled);
        Sleep("2");
        HttpResponseMessage refused = await http.GetAsync("/get/a", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains(Busy, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        HttpResponseMessage ready = await http.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains(Busy, await ready.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal("OK", _sleeper.Read().Text);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/readyz", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_long_command_by_http_makes_the_others_hear_it_as_well()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_galley.HttpPort}") };
        Task<string> sleeping = http.GetStringAsync("/debug/sleep/1.5", Cancelled);
        await AwaitBusyAsync();
        Assert.Equal(Busy, _other.Ask("PING").Text);
        Assert.Contains("OK", await sleeping, StringComparison.Ordinal);
        Assert.Equal("PONG", _other.Ask("PING").Text);
    }

    [Fact]
    public void Shutdown_nosave_ends_it()
    {
        Sleep("60");
        Assert.Equal("(closed)", _other.Ask("SHUTDOWN", "NOSAVE").Text);
        for (int i = 0; i < 1000 && !_galley.HasExited; i++) Thread.Sleep(10);
        Assert.True(_galley.HasExited, _galley.Log);
    }

    /// <summary>What was sent on another connection may not have begun yet.</summary>
    private void AskUntil(string reply)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (_other.Ask("GET", "a").Text != reply)
            Assert.True(Stopwatch.GetElapsedTime(startedAt).TotalSeconds < 20, $"Nobody was told '{reply}'.");
    }

    private void Sleep(string seconds)
    {
        _sleeper.Send(CommandLine.Encode("DEBUG", "SLEEP", seconds));
        while (_other.Ask("PING").Text != Busy) Thread.Sleep(10);
    }

    private async Task AwaitBusyAsync()
    {
        while (_other.Ask("PING").Text != Busy) await Task.Delay(10, Cancelled);
    }
}
