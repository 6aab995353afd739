using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Values;
using Galley.Store.Tests.Types;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Values;

/// <summary>Packed collections in their entries, whatever they hold.</summary>
public sealed class KeyValuesTests : IDisposable
{
    private readonly KeyspaceFixture _keyspace = new();

    [Fact]
    public void A_splice_keeps_what_stands_before_and_behind_it()
    {
        var random = new Random(3);
        var model = new List<string>();
        Place("k", []);
        for (int i = 0; i < 5_000; i++)
        {
            int at = random.Next(model.Count + 1);
            int removed = random.Next(Math.Min(model.Count - at, 3) + 1);
            string[] added = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new string('a', random.Next(40)) + i)];
            if (model.Count > 40) (removed, added) = (model.Count - at, []);
            Splice("k", at, removed, added);
            model.RemoveRange(at, removed);
            model.InsertRange(at, added);
            Assert.Equal(model, Elements("k"));
            if (i % 100 == 0) SetExpiry("k", random.Next(2) == 0 ? -1 : 99_999_999_999_999);
        }
    }

    [Fact]
    public void A_copy_is_its_own()
    {
        Place("from", ["a", "b"]);
        Key from = _keyspace.Open("from");
        Key to = _keyspace.Open("to");
        from.CopyTo(ref to, -1);
        Splice("from", 0, 1, []);
        Assert.Equal(["a", "b"], Elements("to"));
        Assert.Equal(["b"], Elements("from"));
        Assert.Equal("listpack", _keyspace.Open("to").EncodingName);
    }

    [Fact]
    public void What_was_a_collection_may_become_a_string_and_leaves_nothing()
    {
        long before = _keyspace.Space.Arena.UsedBytes;
        Place("k", ["some", "elements"]);
        _keyspace.Put("k", "text");
        Assert.Equal("text", _keyspace.Get("k"));
        Assert.True(_keyspace.Open("k").Delete());
        _keyspace.Space.Arena.EndTurn();
        Assert.Equal(before, _keyspace.Space.Arena.UsedBytes);
    }

    public void Dispose() => _keyspace.Dispose();

    private void Place(string name, string[] elements)
    {
        byte[] pack = Pack(elements);
        Key key = _keyspace.Open(name);
        Span<byte> place = key.PlacePacked(KeyType.Hash, ValueForm.Packed(ValueEncoding.ListPack), elements.Length, pack.Length, -1);
        pack.CopyTo(place);
    }

    private void Splice(string name, int index, int removed, string[] added)
    {
        Key key = _keyspace.Open(name);
        int at = ListPack.Skip(key.Packed, 0, index);
        int removedBytes = ListPack.Skip(key.Packed, at, removed) - at;
        byte[] pack = Pack(added);
        Span<byte> packed = key.Splice(at, removedBytes, pack.Length, added.Length - removed);
        pack.CopyTo(packed[at..]);
    }

    private void SetExpiry(string name, long expiresAtMs)
    {
        Key key = _keyspace.Open(name);
        key.SetExpiry(expiresAtMs);
    }

    private List<string> Elements(string name)
    {
        Key key = _keyspace.Open(name);
        var elements = new List<string>();
        ReadOnlySpan<byte> pack = key.Packed;
        Span<byte> digits = stackalloc byte[20];
        for (int at = 0; at < pack.Length; at = ListPack.Next(pack, at))
            elements.Add(Encoding.Latin1.GetString(ListPack.Read(pack, at).TextIn(digits)));
        Assert.Equal(elements.Count, key.PackedCount);
        return elements;
    }

    private static byte[] Pack(string[] elements) => ListPackTests.Pack(elements);
}
