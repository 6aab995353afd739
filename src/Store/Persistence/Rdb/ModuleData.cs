using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Rdb;

/// <summary>
/// What modules have written beside keys. Galley has no modules; what they wrote says itself where it ends:
/// <code>
///   247 module 2 when   then as many as there are:   1 or 2 length | 3 float 4 | 4 double 8 | 5 string   and 0
/// </code>
/// </summary>
internal static class ModuleData
{
    private const ulong End = 0;
    private const ulong SignedInteger = 1;
    private const ulong UnsignedInteger = 2;
    private const ulong Float = 3;
    private const ulong Double = 4;
    private const ulong String = 5;

    public static void SkipAuxiliary(ref RdbReader reader)
    {
        reader.ReadLength();
        if (reader.ReadLength() != UnsignedInteger) throw RdbException.Damaged("what a module wrote");
        reader.ReadLength();
        while (SkipOne(ref reader)) { }
    }

    private static bool SkipOne(ref RdbReader reader)
    {
        switch (reader.ReadLength())
        {
            case End: return false;
            case SignedInteger or UnsignedInteger: reader.ReadLength(); return true;
            case Float: reader.Take(sizeof(float)); return true;
            case Double: reader.Take(sizeof(double)); return true;
            case String: reader.ReadString(); return true;
            default: throw RdbException.Damaged("what a module wrote");
        }
    }
}
