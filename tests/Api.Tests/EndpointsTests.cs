using System.Net;
using System.Net.Sockets;
using Galley.Store.Configuration;
using Xunit;

namespace Galley.Api.Tests;

public sealed class EndpointsTests
{
    [Fact]
    public void An_address_with_a_dash_is_left_out_where_this_machine_does_not_have_it() =>
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 7)], Endpoints.Of(new BindAddresses(["127.0.0.1", "-203.0.113.1", "-no.such.host.invalid"]), 7));

    [Fact]
    public void A_star_is_every_address() =>
        Assert.Equal([new IPEndPoint(IPAddress.Any, 7), new IPEndPoint(IPAddress.IPv6Any, 7)], Endpoints.Of(new BindAddresses(["*", "::*"]), 7));

    [Fact]
    public void A_taken_address_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var error = Assert.Throws<IOException>(() => Endpoints.DemandFree([(IPEndPoint)listener.LocalEndpoint]));

        Assert.Contains(listener.LocalEndpoint.ToString()!, error.Message);
    }
}
