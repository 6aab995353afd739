namespace Galley.Store.Keyspace.Rdb;

/// <summary>Strings: one string of RDB.</summary>
internal sealed class RdbString : RdbType
{
    private RdbString() { }

    public static RdbString Instance { get; } = new();

    public override IReadOnlyList<(RdbForm Form, RdbRead Read)> Readers => [(RdbForm.String, Read)];

    public override RdbForm FormOf(in SnapshotEntry entry) => RdbForm.String;

    public override void Write(RdbWriter writer, in SnapshotEntry entry) => writer.String(entry.String);

    private static void Read(ref RdbReader reader, ref Key key, long expiresAtMs) => key.PutString(reader.ReadString(), expiresAtMs);
}
