using System.Globalization;
using System.Text;
using Galley.Store.Keyspace;

namespace Galley.Store.Commands;

/// <summary>
/// Which fields of a hash an event was of, for those who listen to that: the subkey notifications of Redis 8.8, in four kinds
/// of channels, each of which a letter of <c>notify-keyspace-events</c> asks for. The event is told first, its fields one
/// after the other, and what is complete is published before anything else is told, or when the command ends.
/// <code>
///   S  __subkeyspace@0__:user:1            hset|4:name,4:city
///   T  __subkeyevent@0__:hset              6:user:1|4:name,4:city
///   I  __subkeyspaceitem@0__:user:1\ncity  hset
///   V  __subkeyspaceevent@0__:hset|user:1  4:name,4:city
/// </code>
/// </summary>
internal sealed class FieldEvents(PubSubHub hub)
{
    private readonly List<byte[]> _names = [];
    private EventClass _enabled;
    private byte[] _event = [];
    private byte[] _key = [];
    private int _database;

    /// <summary>An event was told, and its fields may follow.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>
    /// Somebody may listen to fields: one of their channels is on, and with it the class of hashes, or no class at all, as in
    /// the example of Redis's page (<c>ST</c>).
    /// </summary>
    public static bool AreAsked(EventClass enabled) =>
        (enabled & EventClass.FieldChannels) != 0
        && ((enabled & EventClass.Hash) != 0 || (enabled & EventClass.Happenings) == 0);

    public void Begin(EventClass enabled, ReadOnlySpan<byte> eventName, ReadOnlySpan<byte> key, int database)
    {
        _enabled = enabled;
        _event = eventName.ToArray();
        _key = key.ToArray();
        _database = database;
        _names.Clear();
        IsOpen = true;
    }

    public void Add(ReadOnlySpan<byte> field) => _names.Add(field.ToArray());

    /// <summary>What was told has not happened.</summary>
    public void Discard() => IsOpen = false;

    public void Publish()
    {
        IsOpen = false;
        if (_names.Count == 0) return;
        byte[] list = ListOfNames();
        if (Asks(EventClass.Subkeyspace)) hub.Send([.. Channel("subkeyspace"), .. _key], [.. _event, (byte)'|', .. list]);
        if (Asks(EventClass.Subkeyevent))
            hub.Send([.. Channel("subkeyevent"), .. _event], [.. WithLength(_key), (byte)'|', .. list]);
        if (Asks(EventClass.SubkeyspaceItem)) PublishItems();
        if (Asks(EventClass.SubkeyspaceEvent))
            hub.Send([.. Channel("subkeyspaceevent"), .. _event, (byte)'|', .. _key], list);
    }

    /// <summary>A key with a newline in it has no such channels: the line would end in its midst.</summary>
    private void PublishItems()
    {
        if (_key.Contains((byte)'\n')) return;
        byte[] channel = [.. Channel("subkeyspaceitem"), .. _key, (byte)'\n'];
        foreach (byte[] name in _names) hub.Send([.. channel, .. name], _event);
    }

    private bool Asks(EventClass channel) => (_enabled & channel) != 0;

    private byte[] Channel(string kind) => Encoding.ASCII.GetBytes($"__{kind}@{_database}__:");

    private byte[] ListOfNames()
    {
        var list = new List<byte>();
        foreach (byte[] name in _names)
        {
            if (list.Count > 0) list.Add((byte)',');
            list.AddRange(WithLength(name));
        }
        return [.. list];
    }

    /// <summary>The bytes behind their count, so that they may be any.</summary>
    private static byte[] WithLength(byte[] bytes) =>
        [.. Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. bytes];
}
