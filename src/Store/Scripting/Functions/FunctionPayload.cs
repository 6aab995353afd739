using Galley.Store.Commands;
using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Scripting;

/// <summary>FUNCTION DUMP and RESTORE. A restore happens whole or not at all.</summary>
internal static class FunctionPayload
{
    public static byte[] Write(ServerContext server, FunctionLibraries functions)
    {
        RdbWriter writer = server.DumpWriter;
        LibraryPayload.Write(writer, functions.All.Select(library => library.Code));
        byte[] payload = writer.Written.ToArray();
        writer.Clear();
        return payload;
    }

    /// <param name="flushes">What is there goes first.</param>
    /// <param name="replaces">A library makes room for one of the same name.</param>
    public static bool TryRestore(
        ReadOnlySpan<byte> payload, FunctionLibraries functions, bool flushes, bool replaces, bool skipsChecksum, out string error)
    {
        error = "ERR DUMP payload version or checksum are wrong";
        if (!DumpPayload.IsWhole(payload, skipsChecksum)) return false;
        List<byte[]> libraries;
        try
        {
            libraries = LibraryPayload.Read(payload);
        }
        catch (RdbException)
        {
            error = "ERR given type is not a function";
            return false;
        }
        FunctionLibrary[] kept = functions.Keep();
        if (flushes) functions.Clear();
        foreach (byte[] code in libraries)
        {
            if (functions.TryLoad(code, replaces, out _, out error)) continue;
            functions.TakeBack(kept);
            return false;
        }
        return true;
    }
}
