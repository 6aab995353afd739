using System.Text;
using Galley.Resp.Protocol;
using Galley.Store.Types;

namespace Galley.Store.Scripting;

/// <summary>What FUNCTION LIST replies.</summary>
internal static class FunctionList
{
    public static void Write(RespWriter reply, FunctionLibraries functions, ReadOnlySpan<byte> pattern, bool withCode)
    {
        byte[] lower = Lower(pattern);
        Deferred start = reply.BeginDeferred();
        int count = 0;
        foreach (FunctionLibrary library in functions.All)
        {
            if (!Glob.IsMatch(lower, Lower(library.Name))) continue;
            Write(reply, library, withCode);
            count++;
        }
        reply.EndArray(start, count);
    }

    private static byte[] Lower(ReadOnlySpan<byte> text)
    {
        var lower = new byte[text.Length];
        for (int i = 0; i < text.Length; i++) lower[i] = text[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(text[i] | 0x20) : text[i];
        return lower;
    }

    private static void Write(RespWriter reply, FunctionLibrary library, bool withCode)
    {
        reply.Map(withCode ? 4 : 3);
        reply.Bulk("library_name"u8);
        reply.Bulk(library.Name);
        reply.Bulk("engine"u8);
        reply.Bulk("LUA"u8);
        reply.Bulk("functions"u8);
        reply.Array(library.Functions.Count);
        foreach (LibraryFunction function in library.Functions) Write(reply, function);
        if (!withCode) return;
        reply.Bulk("library_code"u8);
        reply.Bulk(library.Code);
    }

    private static void Write(RespWriter reply, LibraryFunction function)
    {
        reply.Map(3);
        reply.Bulk("name"u8);
        reply.Bulk(function.Name);
        reply.Bulk("description"u8);
        if (function.Description is { } description) reply.Bulk(description);
        else reply.Null();
        reply.Bulk("flags"u8);
        (string Name, ScriptFlags Flag)[] flags = [.. ScriptFlagNames.All.Where(f => (function.Flags & f.Flag) != 0)];
        reply.Set(flags.Length);
        foreach ((string name, _) in flags) reply.Simple(Encoding.ASCII.GetBytes(name));
    }
}
