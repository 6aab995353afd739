using Galley.Store.Keyspace;

namespace Galley.Store.Tests.Commands.Bitmaps;

/// <summary>BITOP of strings of every length against bytes one by one: in an entry, in a block of their own, and over themselves.</summary>
public sealed class BitOpTests : IDisposable
{
    private static readonly string[] Names = ["a", "b", "c", "none", "d"];
    private static readonly string[] Operations = ["AND", "OR", "XOR", "NOT", "DIFF", "DIFF1", "ANDOR", "ONE"];

    private readonly EngineFixture _fixture = new();
    private readonly TestClient _client;
    private readonly Random _random = new(12);

    public BitOpTests() => _client = _fixture.Connect();

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(150_000)]
    public void Results_are_those_of_bytes_one_by_one(int lengthMax)
    {
        for (int round = 0; round < 60; round++)
        {
            foreach (string name in Names[..3]) Set(name, RandomBytes(lengthMax));
            if (round % 2 == 0) _client.Run("COPY a d REPLACE"); // They share their block, and a result must not be seen through it.
            string operation = Operations[round % Operations.Length];
            string[] sources = [.. Enumerable.Range(0, operation == "NOT" ? 1 : _random.Next(2, 5)).Select(_ => Names[_random.Next(Names.Length)])];
            string target = Names[_random.Next(Names.Length)];
            byte[] expected = Expected(operation, [.. sources.Select(Get)]);
            var others = Names.Where(name => name != target).ToDictionary(name => name, Get);

            Assert.Equal($":{expected.Length}", _client.Run(["BITOP", operation, target, .. sources]));
            Assert.Equal(expected, Get(target));
            if (expected.Length > 0) Assert.Equal("$3 raw", _client.Run($"OBJECT ENCODING {target}"));
            foreach ((string name, byte[] value) in others) Assert.Equal(value, Get(name));
        }
    }

    [Fact]
    public void A_result_takes_the_expiry_with_it()
    {
        _client.Run("SET a foo EX 100");
        _client.Run("SET b bar");
        _client.Run("BITOP OR a a b");
        Assert.Equal(":-1", _client.Run("TTL a"));
    }

    public void Dispose() => _fixture.Dispose();

    private static byte[] Expected(string operation, byte[][] sources)
    {
        byte[] result = new byte[sources.Max(source => source.Length)];
        for (int i = 0; i < result.Length; i++)
        {
            int[] bytes = Array.ConvertAll(sources, source => i < source.Length ? source[i] : 0);
            int others = bytes.Skip(1).Aggregate(0, (all, next) => all | next);
            result[i] = (byte)(operation switch
            {
                "AND" => bytes.Aggregate((all, next) => all & next),
                "OR" => bytes.Aggregate((all, next) => all | next),
                "XOR" => bytes.Aggregate((all, next) => all ^ next),
                "NOT" => ~bytes[0],
                "DIFF" => bytes[0] & ~others,
                "DIFF1" => others & ~bytes[0],
                "ANDOR" => bytes[0] & others,
                _ => Enumerable.Range(0, 8).Where(bit => bytes.Count(b => (b >> bit & 1) != 0) == 1).Sum(bit => 1 << bit),
            });
        }
        return result;
    }

    private byte[] RandomBytes(int lengthMax)
    {
        byte[] bytes = new byte[_random.Next(3) == 0 ? lengthMax : _random.Next(lengthMax)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private void Set(string name, byte[] value) => Open(name).PutString(value, expiresAtMs: -1);

    private byte[] Get(string name) => Open(name).String.ToArray();

    private Key Open(string name) => _fixture.Database.Open(System.Text.Encoding.ASCII.GetBytes(name));
}
