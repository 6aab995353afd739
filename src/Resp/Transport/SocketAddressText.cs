using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Galley.Resp.Transport;

/// <summary>
/// Socket addresses as the kernel has them, and as redis-server prints them.
/// <code>
///   IPv4   family 2 | port 2 (network order) | address 4 | zero 8
///   IPv6   family 2 | port 2 (network order) | flow 4 | address 16 | scope 4
///   Unix   family 2 | path, ended by a zero byte
/// </code>
/// </summary>
internal static class SocketAddressText
{
    private const int UnixPathBytesMax = 107;

    /// <summary>The kernel's form of an endpoint; returns its length.</summary>
    public static int Write(IPEndPoint endpoint, Span<byte> address)
    {
        address.Clear();
        bool isIPv6 = endpoint.AddressFamily == AddressFamily.InterNetworkV6;
        BinaryPrimitives.WriteUInt16LittleEndian(address, (ushort)(isIPv6 ? Libc.AddressFamilyIPv6 : Libc.AddressFamilyIPv4));
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)endpoint.Port);
        endpoint.Address.TryWriteBytes(address[(isIPv6 ? 8 : 4)..], out _);
        if (isIPv6) BinaryPrimitives.WriteUInt32LittleEndian(address[24..], (uint)endpoint.Address.ScopeId);
        return isIPv6 ? 28 : 16;
    }

    public static int Write(string path, Span<byte> address)
    {
        address.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(address, Libc.AddressFamilyUnix);
        int length = Encoding.UTF8.GetBytes(path, address[2..]);
        return 2 + length + 1;
    }

    /// <summary>Removes what a server that was killed has left at the path, as redis-server does.</summary>
    /// <exception cref="ListenException">No socket can have this path.</exception>
    public static void MakeRoomFor(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > UnixPathBytesMax)
            throw new ListenException(path, $"unix socket path too long ({length}), must be under {UnixPathBytesMax + 1}");
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // bind says it better.
        }
    }

    /// <summary>The endpoint in an address of the kernel, or null if it is not of the internet.</summary>
    public static IPEndPoint? Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < 16) return null;
        int port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        int family = BinaryPrimitives.ReadUInt16LittleEndian(address);
        if (family == Libc.AddressFamilyIPv4) return new IPEndPoint(new IPAddress(address.Slice(4, 4)), port);
        if (family != Libc.AddressFamilyIPv6 || address.Length < 28) return null;
        uint scope = BinaryPrimitives.ReadUInt32LittleEndian(address[24..]);
        return new IPEndPoint(new IPAddress(address.Slice(8, 16), scope), port);
    }

    /// <summary><c>127.0.0.1:6379</c>, <c>[::1]:6379</c>; the scope of a link-local address is left out, as in redis-server.</summary>
    public static string Text(IPEndPoint? endpoint)
    {
        if (endpoint is null) return "?:0";
        IPAddress address = endpoint.Address;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return $"{address}:{endpoint.Port}";
        if (address.ScopeId != 0) address = new IPAddress(address.GetAddressBytes());
        return $"[{address}]:{endpoint.Port}";
    }

    /// <summary>Both ends of a connection by Unix socket.</summary>
    public static string UnixText(string path) => $"{path}:0";

    public static bool IsLoopback(IPEndPoint? endpoint) =>
        endpoint is not null && IPAddress.IsLoopback(endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address);
}
