using System.Net;
using System.Net.Sockets;
using Galley.Api.Lifecycle;
using Galley.Resp.Transport;
using Galley.Store.Configuration;

namespace Galley.Api;

/// <summary>
/// Turns <c>bind</c> into addresses: <c>*</c> is every IPv4 address, <c>::*</c> every IPv6 one, a name all of its own;
/// one with a dash before it is left out where this machine does not have it.
/// </summary>
internal static class Endpoints
{
    public static List<IPEndPoint> Of(BindAddresses bind, int port)
    {
        var endpoints = new List<IPEndPoint>();
        foreach (string address in bind.Addresses)
        {
            bool isOptional = address.StartsWith('-');
            foreach (IPAddress ip in Resolve(isOptional ? address[1..] : address, isOptional, port))
            {
                if (!isOptional || IsHere(ip)) endpoints.Add(new IPEndPoint(ip, port));
            }
        }
        return endpoints;
    }

    /// <summary>
    /// Fails where an address is taken. A server that was started twice must see it before it touches the data.
    /// </summary>
    /// <exception cref="StartException">It names the address.</exception>
    public static void DemandFree(IEnumerable<IPEndPoint> endpoints)
    {
        foreach (IPEndPoint endpoint in endpoints)
        {
            try
            {
                using var probe = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                // What is left of a server that has ended does not count.
                probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) probe.DualMode = false;
                probe.Bind(endpoint);
            }
            catch (SocketException error)
            {
                throw Refused(endpoint.ToString(), "bind: " + error.Message, endpoint.Port, error);
            }
        }
    }

    /// <summary>Says in redis-server's words that a door could not be opened, and what to do.</summary>
    public static StartException Refused(ListenException refusal, Settings settings) => Path.IsPathRooted(refusal.Where)
        ? new StartException($"Failed opening Unix socket: {refusal.Reason}\n"
            + "Name another 'unixsocket': a path that nothing else has, in a folder that this user can write.", refusal)
        : Refused(refusal.Where, refusal.Reason, settings.Port, refusal);

    private static StartException Refused(string where, string reason, int port, Exception cause) => new(
        $"Warning: Could not create server TCP listening socket {where}: {reason}\n"
        + $"Failed listening on port {port} (TCP), aborting.\n"
        + "Stop who listens there, or choose another 'port' or an address of this machine for 'bind'; for HTTP, 'http-port' and 'http-bind'.", cause);

    private static IPAddress[] Resolve(string address, bool isOptional, int port)
    {
        if (address == "*") return [IPAddress.Any];
        if (address == "::*") return [IPAddress.IPv6Any];
        if (IPAddress.TryParse(address, out IPAddress? ip)) return [ip];
        try
        {
            return Dns.GetHostAddresses(address);
        }
        catch (SocketException error)
        {
            return isOptional ? [] : throw Refused($"{address}:{port}", error.Message, port, error);
        }
    }

    private static bool IsHere(IPAddress ip)
    {
        try
        {
            using var probe = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(ip, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
