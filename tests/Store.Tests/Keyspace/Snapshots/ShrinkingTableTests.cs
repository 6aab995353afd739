using System.Text;
using Galley.Store.Keyspace;
using Galley.Store.Keyspace.Snapshots;
using Galley.Store.Keyspace.Values;
using Galley.Store.Memory;
using Galley.Store.Types;

namespace Galley.Store.Tests.Keyspace.Snapshots;

/// <summary>A table that shrinks knows less of its hashes than the cursor that comes back to it.</summary>
public sealed class ShrinkingTableTests
{
    private const int KnownBits = 24;

    [Fact]
    public void An_element_that_is_met_again_is_written_once()
    {
        using var space = new KeyspaceFixture();
        space.Space.Huge.CountMin = 1;
        List<string> names = NamesUnderOneByte(space.Space.Hashing, out int twin);
        Key key = space.Open("set");
        foreach (string name in names) SetValue.Add(ref key, Encoding.ASCII.GetBytes(name));
        var taken = new Taking(space.Space.Arena);
        SnapshotWalk walk = SnapshotWalk.Begin(space.Space, taken);
        while (taken.Names.Count <= twin) walk.Step(1);
        Assert.Equal(names.Take(twin + 1), taken.Names);

        // Those that are removed are handed over, but for the ones that were written.
        key = space.Open("set");
        for (int i = 0; i < names.Count; i++)
            if (i != twin && i != twin + 1) SetValue.Remove(ref key, Encoding.ASCII.GetBytes(names[i]));
        while (!walk.Step(1)) { }
        Assert.Equal(names.Order(StringComparer.Ordinal), taken.Names.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// So many names whose hashes have their first byte in common that the table has a level below it, in the order of their
    /// hashes; the one of this number and the next differ only beyond what a table without that level knows.
    /// </summary>
    private static List<string> NamesUnderOneByte(KeyedHash hashing, out int twin)
    {
        var hashes = new SortedDictionary<ulong, string>();
        for (int i = 0; hashes.Count < 3000; i++)
        {
            string name = $"name:{i}";
            ulong hash = hashing.Of(Encoding.ASCII.GetBytes(name));
            if (hash >> 56 == 0) hashes[hash] = name;
        }
        ulong[] order = [.. hashes.Keys];
        twin = Enumerable.Range(0, order.Length - 1).First(i => order[i] >> (64 - KnownBits) == order[i + 1] >> (64 - KnownBits));
        return [.. hashes.Values];
    }

    private sealed class Taking(Arena arena) : IHugeSink, IHugeValue
    {
        public List<string> Names { get; } = [];

        public bool IsBusy => false;

        public long HeldBytes => 0;

        public void Take(int databaseId, SnapshotEntry entry) => Assert.Fail("The set is handed over element by element.");

        public IHugeValue Begin(int databaseId, SnapshotEntry entry) => this;

        public bool TryRelease() => true;

        public bool TryOpen() => true;

        public void Take(ReadOnlySpan<BlockRef> elements, bool areInOrder)
        {
            foreach (BlockRef element in elements) Names.Add(Encoding.ASCII.GetString(MemberLayout.KeyOf(arena, element)));
        }

        public bool TryEnd() => true;
    }
}
