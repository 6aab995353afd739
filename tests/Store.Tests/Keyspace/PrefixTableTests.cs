using System.Text;
using Galley.Store.Configuration;
using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Keyspace;

public sealed class PrefixTableTests
{
    [Theory]
    [InlineData("user:1", "user:")]
    [InlineData("user:1:name", "user:")]
    [InlineData("u:1", "u:")]
    [InlineData("1234567:x", "1234567:")]
    [InlineData("12345678:x", "12345678:")]
    [InlineData("a long prefix that has no end before here:x", "a long prefix that has no end before here:")]
    [InlineData(":", ":")]
    [InlineData("::1234567890", ":")]
    [InlineData("*:1", "*:")]
    [InlineData("", "")]
    [InlineData("name", "")]
    [InlineData("a name without one", "")]
    [InlineData("\0\0:1", "\0\0:")]
    [InlineData("\u00ba\u00bb;9<\u003b\u0039:rest", "\u00ba\u00bb;9<\u003b\u0039:")]
    public void The_prefix_ends_with_the_first_separator(string key, string expected)
    {
        var table = new PrefixTable(new Settings());
        table.CountOperation(Encoding.Latin1.GetBytes(key));
        Assert.Equal([expected], Used(table));
    }

    [Fact]
    public void Prefixes_of_any_length_are_told_apart_as_a_dictionary_does()
    {
        var settings = new Settings { KeyspacePrefixesMax = 65536 };
        var table = new PrefixTable(settings);
        var random = new Random(1);
        var expected = new Dictionary<string, long>();
        for (int i = 0; i < 200_000; i++)
        {
            // Few letters, so that many are alike; zeros, so that lengths are what tells some apart.
            string key = new([.. Enumerable.Range(0, random.Next(20)).Select(_ => "a\0b:"[random.Next(4)])]);
            string prefix = key[..(key.IndexOf(':', StringComparison.Ordinal) + 1)];
            expected[prefix] = expected.GetValueOrDefault(prefix) + 1;
            table.CountOperation(Encoding.Latin1.GetBytes(key));
        }
        Assert.True(expected.Count > 2000, $"{expected.Count} prefixes are too few.");
        var actual = table.Slots.ToArray().Where(slot => slot.Operations > 0).ToDictionary(slot => Encoding.Latin1.GetString(slot.Prefix), slot => slot.Operations);
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), actual.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Beyond_the_bound_all_are_the_rest_until_a_place_is_given_away()
    {
        var table = new PrefixTable(new Settings { KeyspacePrefixesMax = 2 });
        foreach (string key in (string[])["a:1", "b:1", "c:1", "d:1", "none", new string('x', 128) + ":1"]) table.CountOperation(Encoding.ASCII.GetBytes(key));
        Assert.Equal(["*", "", "a:", "b:"], Used(table));
        Assert.Equal([3L, 1, 1, 1], table.Slots.ToArray().Select(slot => slot.Operations));

        // b is idle: it has no key at two weighings, and is asked for no more.
        for (int weighing = 0; weighing < 2; weighing++)
        {
            table.BeginWeighing();
            table.Weigh("a:1"u8, 50);
            table.EndWeighing(1000 + weighing);
        }
        Assert.Equal(1001, table.WeighedMs);
        table.CountOperation("c:1"u8);
        table.CountOperation("a:1"u8);
        Assert.Equal(["*", "", "a:", "c:"], Used(table));
        Assert.Equal((2, 1, 50), (table.Slots[2].Operations, table.Slots[2].Keys, table.Slots[2].Bytes));
    }

    [Theory]
    [InlineData("/", "a/b:c", "a/")]
    [InlineData("\u007f", "ab:", "")]
    public void The_separator_is_a_setting(string separator, string key, string expected)
    {
        var table = new PrefixTable(new Settings { KeyspacePrefixSeparator = separator });
        table.CountOperation(Encoding.ASCII.GetBytes(key));
        Assert.Equal([expected], Used(table));
    }

    [Fact]
    public void Without_a_separator_or_places_nothing_is_counted_apart()
    {
        var off = new PrefixTable(new Settings { KeyspacePrefixSeparator = "" });
        off.CountOperation("a:1"u8);
        Assert.False(off.IsOn);
        Assert.Empty(Used(off));
        var none = new PrefixTable(new Settings { KeyspacePrefixesMax = 0 });
        none.CountOperation("a:1"u8);
        Assert.Equal(["*"], Used(none));
    }

    private static string[] Used(PrefixTable table) =>
        [.. table.Slots.ToArray().Where(slot => slot.Operations > 0).Select(slot => Encoding.Latin1.GetString(slot.Prefix))];
}
