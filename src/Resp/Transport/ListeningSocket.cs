using System.Net;
using System.Net.Sockets;

namespace Galley.Resp.Transport;

/// <summary>A listening descriptor of the reactors, by TCP or at a path.</summary>
internal sealed class ListeningSocket
{
    private ListeningSocket(int descriptor, IPEndPoint? endpoint, string? path)
    {
        Descriptor = descriptor;
        Endpoint = endpoint;
        Path = path;
    }

    public int Descriptor { get; }

    /// <summary>Where it listens by TCP, with the port that it got.</summary>
    public IPEndPoint? Endpoint { get; }

    /// <summary>The path of a Unix socket.</summary>
    public string? Path { get; }

    public static ListeningSocket Tcp(IPEndPoint endpoint, TransportOptions options)
    {
        bool isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        string where = SocketAddressText.Text(endpoint);
        int descriptor = Check(Libc.Socket(isIPv6 ? Libc.AddressFamilyIPv6 : Libc.AddressFamilyIPv4), -1, where, "socket");
        // Two sockets for two families, as in redis-server: [::] must not take 0.0.0.0 with it.
        if (isIPv6) Check(Libc.SetOption(descriptor, Libc.LevelIPv6, Libc.OptionIPv6Only, 1), descriptor, where, "setsockopt");
        Check(Libc.SetOption(descriptor, Libc.LevelSocket, Libc.OptionReuseAddress, 1), descriptor, where, "setsockopt");

        Span<byte> address = stackalloc byte[Libc.AddressBytesMax];
        Check(Libc.Bind(descriptor, address[..SocketAddressText.Write(endpoint, address)]), descriptor, where, "bind");
        SetInherited(descriptor, options.KeepAliveSeconds);
        Check(Libc.Listen(descriptor, options.Backlog), descriptor, where, "listen");
        Check(Libc.SocketName(descriptor, address, out int length), descriptor, where, "getsockname");
        return new ListeningSocket(descriptor, SocketAddressText.Read(address[..length]), null);
    }

    /// <summary>The permissions are set while nobody can connect yet: between bind and listen.</summary>
    public static ListeningSocket Unix(string path, UnixFileMode? mode, int backlog)
    {
        SocketAddressText.MakeRoomFor(path);
        int descriptor = Check(Libc.Socket(Libc.AddressFamilyUnix), -1, path, "socket");
        Span<byte> address = stackalloc byte[Libc.AddressBytesMax];
        Check(Libc.Bind(descriptor, address[..SocketAddressText.Write(path, address)]), descriptor, path, "bind");
        if (mode is { } permissions && !OperatingSystem.IsWindows()) File.SetUnixFileMode(path, permissions);
        Check(Libc.Listen(descriptor, backlog), descriptor, path, "listen");
        return new ListeningSocket(descriptor, null, path);
    }

    /// <summary>Probes of silent peers for connections that come from now on; see <see cref="TransportOptions.KeepAliveSeconds"/>.</summary>
    public void KeepAlive(int seconds)
    {
        if (Endpoint is not null) SetInherited(Descriptor, seconds);
    }

    /// <summary>
    /// Stops listening and keeps its address, at which another socket may listen now. The kernel keeps a port that was
    /// named, and not one that it chose itself.
    /// </summary>
    public void Silence() => Libc.Shutdown(Descriptor);

    /// <summary>Listens again where <see cref="Silence"/> had stopped it.</summary>
    public void Resume(int backlog) => Libc.Listen(Descriptor, backlog);

    public void Close()
    {
        Libc.Close(Descriptor);
        if (Path is not null) File.Delete(Path);
    }

    /// <summary>
    /// Sets what connections take over from the socket at which they come: the system copies it, so that five calls need not be made
    /// for each of them. Probes of silent peers as redis-server has them: the first after the whole time, then three in a third of it each.
    /// </summary>
    /// <param name="keepAliveSeconds">0 for no probes.</param>
    private static void SetInherited(int descriptor, int keepAliveSeconds)
    {
        Libc.SetOption(descriptor, Libc.LevelTcp, Libc.OptionTcpNoDelay, 1);
        Libc.SetOption(descriptor, Libc.LevelSocket, Libc.OptionKeepAlive, keepAliveSeconds > 0 ? 1 : 0);
        if (keepAliveSeconds <= 0) return;
        Libc.SetOption(descriptor, Libc.LevelTcp, Libc.OptionTcpKeepIdle, keepAliveSeconds);
        Libc.SetOption(descriptor, Libc.LevelTcp, Libc.OptionTcpKeepInterval, Math.Max(1, keepAliveSeconds / 3));
        Libc.SetOption(descriptor, Libc.LevelTcp, Libc.OptionTcpKeepCount, 3);
    }

    private static int Check(int result, int descriptor, string where, string call)
    {
        if (result >= 0) return result;
        if (descriptor >= 0) Libc.Close(descriptor);
        bool isMissing = result is Libc.AddressNotAvailable or Libc.FamilyNotSupported or Libc.ProtocolNotSupported;
        throw new ListenException(where, $"{call}: {Libc.Message(result)}", isMissing);
    }
}
