namespace Galley.Store.Keyspace.Rdb;

/// <summary>Reads a value and gives it to a key, which is absent; the key gets this expiry (-1: none).</summary>
/// <exception cref="RdbException">The bytes are no such value; part of it may be there.</exception>
internal delegate void RdbRead(ref RdbReader reader, ref Key key, long expiresAtMs);

/// <summary>
/// Values as RDB holds them, in files and in what DUMP replies: each is written in the oldest form that holds it, so that
/// redis-server 7.0 reads it if it can, and read in all forms that there ever were.
/// </summary>
internal static class RdbValue
{
    private static readonly RdbRead?[] Readers = MakeReaders();

    /// <summary>The form in which the value is written.</summary>
    public static RdbForm FormOf(in SnapshotEntry entry) => RdbType.Of(entry.Type).FormOf(in entry);

    /// <summary>Writes the value in its form, which is written before it.</summary>
    public static void Write(RdbWriter writer, in SnapshotEntry entry) => RdbType.Of(entry.Type).Write(writer, in entry);

    /// <summary>The version of the format that has this form.</summary>
    public static int VersionOf(RdbForm form) => form switch
    {
        RdbForm.HashExpiring or RdbForm.HashExpiringListPack => RdbVersion.WithFieldExpiry,
        RdbForm.StreamThree => RdbVersion.WithActiveTimes,
        _ => RdbVersion.Plain,
    };

    /// <summary>Reads the value of a key.</summary>
    public static void Read(ref RdbReader reader, RdbForm form, ref Key key, long expiresAtMs) =>
        ReaderOf(form, reader.Version)(ref reader, ref key, expiresAtMs);

    private static RdbRead ReaderOf(RdbForm form, int version)
    {
        if (RdbVersion.IsValkey(version) && form >= RdbForm.HashExpiringDraft)
            return form == RdbForm.HashExpiringDraft ? RdbHash.ReadValkey : throw Unknown(form, "of Valkey");
        RdbRead? read = (int)form < Readers.Length ? Readers[(int)form] : null;
        if (read is not null) return read;
        throw form switch
        {
            RdbForm.Module or RdbForm.ModuleOld => new RdbException("the value belongs to a module, and Galley has none"),
            _ => Unknown(form, "that Galley knows"),
        };
    }

    private static RdbException Unknown(RdbForm form, string where) => new($"{(int)form} is no form of a value {where}");

    private static RdbRead?[] MakeReaders()
    {
        var readers = new RdbRead?[(int)RdbForm.StreamFour + 1];
        foreach (RdbType type in RdbType.All)
            foreach ((RdbForm form, RdbRead read) in type.Readers) readers[(int)form] = read;
        return readers;
    }
}
