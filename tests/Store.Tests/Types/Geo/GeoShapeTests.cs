using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class GeoShapeTests
{
    [Fact]
    public void A_circle_ends_at_its_radius()
    {
        var palermo = new GeoPosition(13.361389, 38.115556);
        var catania = new GeoPosition(15.087269, 37.502669);
        double distance = Earth.Distance(palermo, catania);
        Assert.Equal(166274.2578, distance, 0.001);
        Assert.True(GeoShape.Circle(palermo, distance).Contains(catania, out double measured));
        Assert.Equal(distance, measured);
        Assert.False(GeoShape.Circle(palermo, distance - 0.01).Contains(catania, out _));
    }

    [Fact]
    public void A_box_is_as_wide_and_as_high_as_it_says()
    {
        GeoShape box = GeoShape.Box(new GeoPosition(0, 0), 222_000, 444_000);
        Assert.True(box.Contains(new GeoPosition(0.99, 1.99), out _));
        Assert.False(box.Contains(new GeoPosition(1.01, 0), out _));
        Assert.False(box.Contains(new GeoPosition(0, 2.01), out _));
    }

    [Fact]
    public void A_polygon_may_have_a_bay_and_cross_itself()
    {
        GeoShape bay = GeoShape.Polygon([new(0, 0), new(4, 0), new(4, 4), new(2, 1), new(0, 4)]);
        Assert.True(bay.Contains(new GeoPosition(1, 1), out _));
        Assert.False(bay.Contains(new GeoPosition(2, 3), out _));
        Assert.False(bay.Contains(new GeoPosition(5, 1), out _));
        GeoShape hourglass = GeoShape.Polygon([new(0, 0), new(2, 2), new(2, 0), new(0, 2)]);
        Assert.True(hourglass.Contains(new GeoPosition(0.5, 1), out _));
        Assert.False(hourglass.Contains(new GeoPosition(1, 0.5), out _));
    }

    [Fact]
    public void Distances_in_a_polygon_are_measured_from_the_mean_of_its_corners()
    {
        GeoShape square = GeoShape.Polygon([new(0, -1), new(2, -1), new(2, 1), new(0, 1)]);
        Assert.Equal(1, square.Center.Longitude, precision: 12);
        Assert.Equal(0, square.Center.Latitude, precision: 12);
        Assert.True(square.Contains(square.Center, out double distance));
        Assert.Equal(0, distance);
    }

    /// <summary>The points lie on a sphere: far from the equator their mean is nearer to the pole than that of their angles.</summary>
    [Fact]
    public void The_mean_of_corners_is_that_of_points_on_a_sphere()
    {
        GeoShape square = GeoShape.Polygon([new(0, 60), new(90, 60), new(180, 60), new(-90, 60)]);
        Assert.Equal(90, square.Center.Latitude, precision: 6);
    }
}
