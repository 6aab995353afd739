namespace Galley.Store.Keyspace.Rdb;

/// <summary>
/// What FUNCTION DUMP replies and FUNCTION RESTORE takes: each library behind the mark that announces it in an RDB file,
/// and the end of a <see cref="DumpPayload"/>.
/// </summary>
internal static class LibraryPayload
{
    /// <summary>What announces a library, here and in a file.</summary>
    public const byte Mark = 245;

    /// <summary>Writes libraries down.</summary>
    public static void Write(RdbWriter writer, IEnumerable<byte[]> libraries)
    {
        foreach (byte[] library in libraries)
        {
            writer.Byte(Mark);
            writer.String(library);
        }
        DumpPayload.Seal(writer, RdbVersion.Plain);
    }

    /// <summary>Reads the libraries of a whole payload.</summary>
    /// <exception cref="RdbException">It holds something else, or less than it says.</exception>
    public static List<byte[]> Read(ReadOnlySpan<byte> payload)
    {
        var libraries = new List<byte[]>();
        RdbReader reader = DumpPayload.Open(payload);
        while (reader.Remaining > 0)
        {
            if (reader.ReadByte() != Mark) throw new RdbException("it holds what is no library");
            libraries.Add(reader.ReadString().ToArray());
        }
        return libraries;
    }
}
