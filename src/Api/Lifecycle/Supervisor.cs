using System.Collections;
using System.Net.Sockets;
using System.Text;
using Galley.Api.Logging;
using Galley.Resp.Transport;
using Galley.Store.Configuration;

namespace Galley.Api.Lifecycle;

/// <summary>
/// <c>supervised</c>: tells systemd, by datagrams to the socket that <c>NOTIFY_SOCKET</c> names, when the server is ready
/// and when it ends; or stops once, which is what upstart waits for.
/// </summary>
internal sealed class Supervisor
{
    private const string UpstartVariable = "UPSTART_JOB";
    private const string SystemdVariable = "NOTIFY_SOCKET";
    private const string Nobody = "no";

    private readonly string? _notifySocket;
    private readonly ServerLog _log;

    private Supervisor(string name, string? notifySocket, ServerLog log)
    {
        Name = name;
        _notifySocket = notifySocket;
        _log = log;
    }

    /// <summary>Somebody supervises this process: it must not become a daemon behind their back.</summary>
    public bool IsActive => Name != Nobody;

    /// <summary>As INFO's <c>process_supervised</c> tells it.</summary>
    public string Name { get; }

    /// <summary>Finds who supervises; what was asked for and is not there is logged.</summary>
    public static Supervisor Find(Supervision asked, IDictionary environment, ServerLog log)
    {
        bool hasUpstart = environment[UpstartVariable] is string { Length: > 0 };
        string? notifySocket = environment[SystemdVariable] is string { Length: > 0 } path ? path : null;
        switch (asked)
        {
            case Supervision.Upstart when !hasUpstart:
                log.Warning($"upstart supervision requested, but {UpstartVariable} not found!");
                break;
            case Supervision.Systemd when notifySocket is null:
                log.Warning($"systemd supervision error: {SystemdVariable} not found!");
                break;
            case Supervision.Upstart or Supervision.Auto when hasUpstart:
                log.Notice("supervised by upstart, will stop to signal readiness.");
                UnixProcess.Stop();
                return new Supervisor("upstart", null, log);
            case Supervision.Systemd or Supervision.Auto when notifySocket is not null:
                log.Notice("Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and TimeoutStopSec in your service unit.");
                return new Supervisor("systemd", notifySocket, log);
        }
        return new Supervisor(Nobody, null, log);
    }

    public void TellLoading() => Tell("STATUS=Galley is loading...\n");

    public void TellReady() => Tell("STATUS=Ready to accept connections\nREADY=1\n");

    public void TellStopping() => Tell("STOPPING=1\n");

    private void Tell(string state)
    {
        if (_notifySocket is null) return;
        // A name that begins with @ is in Linux's abstract space, where a zero byte stands for it.
        string path = _notifySocket[0] == '@' ? "\0" + _notifySocket[1..] : _notifySocket;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error)
        {
            _log.Warning($"systemd supervision error: can't write to {SystemdVariable} '{_notifySocket}': {error.Message}");
        }
    }
}
