using System.Globalization;
using System.Text;
using Galley.Store.Commands;

namespace Galley.Store.Tests.Commands.Server;

public sealed class TopKeysTests
{
    [Fact]
    public void Few_keys_are_counted_exactly_and_shown_in_their_order()
    {
        var keys = new TopKeys();
        var random = new Random(1);
        var expected = new Dictionary<string, long>();
        for (int i = 0; i < 20_000; i++)
        {
            string key = Name(random.Next(TopKeys.Places));
            long amount = random.Next(100);
            expected[key] = expected.GetValueOrDefault(key) + amount;
            keys.Add(Encoding.ASCII.GetBytes(key), amount);
        }
        Assert.Equal(expected.OrderByDescending(key => key.Value).ThenBy(key => key.Key, StringComparer.Ordinal).Take(50).Select(key => (key.Key, key.Value)),
            keys.Top(50).Select(key => (Encoding.ASCII.GetString(key.Key), key.Amount)));
    }

    [Fact]
    public void Of_a_hundred_times_as_many_the_hot_ones_are_found_with_an_error_below_a_thousandth_of_all()
    {
        var keys = new TopKeys();
        var random = new Random(2);
        var expected = new Dictionary<string, long>();
        long all = 0;
        for (int i = 0; i < 300_000; i++)
        {
            // A quarter goes to ten keys, the rest to a hundred thousand.
            string key = Name(random.Next(4) == 0 ? random.Next(10) : random.Next(100_000));
            expected[key] = expected.GetValueOrDefault(key) + 7;
            all += 7;
            keys.Add(Encoding.ASCII.GetBytes(key), 7);
        }
        IReadOnlyList<(byte[] Key, long Amount)> top = keys.Top(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(Name), top.Select(key => Encoding.ASCII.GetString(key.Key)).Order(StringComparer.Ordinal));
        Assert.All(top, key => Assert.InRange(key.Amount - expected[Encoding.ASCII.GetString(key.Key)], 0, all / TopKeys.Places));
    }

    [Fact]
    public void A_key_that_is_too_long_takes_no_place()
    {
        var keys = new TopKeys();
        keys.Add(new byte[TopKeys.KeyBytesMax + 1], 9);
        keys.Add(new byte[TopKeys.KeyBytesMax], 1);
        Assert.Equal(1, keys.Top(9).Single().Amount);
    }

    private static string Name(int number) => "key:" + number.ToString(CultureInfo.InvariantCulture);
}
