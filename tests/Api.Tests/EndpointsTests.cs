using System.Net;
using System.Net.Sockets;
using Galley.Api.Lifecycle;
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

        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        var error = Assert.Throws<StartException>(() => Endpoints.DemandFree([endpoint]));

        string[] lines = error.Message.Split('\n');
        Assert.Equal($"Warning: Could not create server TCP listening socket {endpoint}: bind: Address already in use", lines[0]);
        Assert.Equal($"Failed listening on port {endpoint.Port} (TCP), aborting.", lines[1]);
        Assert.StartsWith("Stop who listens there", lines[2]);
    }

    [Fact]
    public void A_name_that_nobody_knows_is_refused()
    {
        var error = Assert.Throws<StartException>(() => Endpoints.Of(new BindAddresses(["no.such.host.invalid"]), 7));

        Assert.Contains("listening socket no.such.host.invalid:7: ", error.Message);
    }
}
