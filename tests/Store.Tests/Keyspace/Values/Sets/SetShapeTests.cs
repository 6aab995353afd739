using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace.Values;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

/// <summary>What redis-server 7.4 shows of sets that are filled member by member.</summary>
public sealed class SetShapeTests
{
    [Theory]
    [InlineData("1 2 3", 3, 10, 10, "IntSet")]
    [InlineData("1 2 3 4", 3, 10, 10, "HashTable")]
    [InlineData("1 2 3 4 a", 3, 10, 10, "HashTable")]
    [InlineData("a 1 2 3 4", 3, 10, 10, "ListPack")]
    [InlineData("1 2 a", 3, 3, 10, "ListPack")]
    [InlineData("1 2 a b", 3, 3, 10, "HashTable")]
    [InlineData("a bbbb", 3, 3, 4, "ListPack")]
    [InlineData("a bbbbb", 3, 3, 4, "HashTable")]
    [InlineData("12345 a", 3, 3, 4, "HashTable")]
    [InlineData("a 12345", 3, 3, 4, "HashTable")]
    [InlineData("12345 1", 3, 3, 4, "IntSet")]
    [InlineData("1", 0, 3, 4, "HashTable")]
    public void Encoding(string members, int integersMax, int entriesMax, int bytesMax, string expected)
    {
        Assert.Equal(expected, Filled(members, integersMax, entriesMax, bytesMax).Encoding.ToString());
    }

    [Theory]
    [InlineData("1 2 3", 3, 10, 10, "IntSet")]
    [InlineData("1 2 3 4", 3, 10, 10, "ListPack")]
    [InlineData("1 2 3 4", 3, 3, 10, "HashTable")]
    [InlineData("1 a", 3, 3, 10, "ListPack")]
    [InlineData("12345 a", 3, 3, 4, "HashTable")]
    [InlineData("12345 1", 3, 3, 4, "IntSet")]
    public void Encoding_of_an_intersection(string members, int integersMax, int entriesMax, int bytesMax, string expected)
    {
        Assert.Equal(expected, Filled(members, integersMax, entriesMax, bytesMax).EncodingAtEnd.ToString());
    }

    private static SetShape Filled(string members, int integersMax, int entriesMax, int bytesMax)
    {
        var settings = new Settings { SetIntsetEntriesMax = integersMax, SetListpackEntriesMax = entriesMax, SetListpackValueBytesMax = bytesMax };
        var shape = new SetShape(settings);
        foreach (string member in members.Split(' ')) shape.Add(new ListPackElement(System.Text.Encoding.ASCII.GetBytes(member)));
        return shape;
    }
}
