using System.Collections;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Lifecycle;
using Galley.Api.Logging;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests.Lifecycle;

public sealed class SupervisorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("galley-supervisor-");
    private readonly StringWriter _output = new();

    public void Dispose()
    {
        _output.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Systemd_is_told_of_each_step()
    {
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        string path = Path.Combine(_folder.FullName, "notify");
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        Supervisor supervisor = Find(Supervision.Auto, ("NOTIFY_SOCKET", path));

        supervisor.TellLoading();
        supervisor.TellReady();
        supervisor.TellStopping();

        Assert.True(supervisor.IsActive);
        Assert.Equal("systemd", supervisor.Name);
        Assert.Equal("STATUS=Galley is loading...\n", Hear(systemd));
        Assert.Equal("STATUS=Ready to accept connections\nREADY=1\n", Hear(systemd));
        Assert.Equal("STOPPING=1\n", Hear(systemd));
    }

    [Theory]
    [InlineData(Supervision.Systemd, "systemd supervision error: NOTIFY_SOCKET not found!")]
    [InlineData(Supervision.Upstart, "upstart supervision requested, but UPSTART_JOB not found!")]
    [InlineData(Supervision.Auto, "")]
    [InlineData(Supervision.No, "")]
    public void One_that_is_not_there_is_missed_where_it_was_asked_for(Supervision asked, string message)
    {
        Supervisor supervisor = Find(asked);

        Assert.False(supervisor.IsActive);
        Assert.Equal("no", supervisor.Name);
        Assert.Null(Record.Exception(supervisor.TellReady));
        Assert.Contains(message, _output.ToString());
        Assert.Equal(message.Length == 0, _output.ToString().Length == 0);
    }

    [Fact]
    public void Nobody_supervises_unasked() => Assert.False(Find(Supervision.No, ("NOTIFY_SOCKET", "/somewhere")).IsActive);

    [Fact]
    public void A_socket_that_has_gone_is_told_in_the_log()
    {
        Find(Supervision.Systemd, ("NOTIFY_SOCKET", Path.Combine(_folder.FullName, "gone"))).TellReady();

        Assert.Contains("systemd supervision error: can't write to NOTIFY_SOCKET", _output.ToString());
    }

    private Supervisor Find(Supervision asked, params (string Name, string Value)[] variables)
    {
        var environment = new Hashtable();
        foreach ((string name, string value) in variables) environment[name] = value;
        return Supervisor.Find(asked, environment, new ServerLog(new Settings(), TimeProvider.System, _output));
    }

    private static string Hear(Socket systemd)
    {
        byte[] datagram = new byte[1024];
        return Encoding.ASCII.GetString(datagram, 0, systemd.Receive(datagram));
    }
}
