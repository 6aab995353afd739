using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Checks;

/// <summary>What redis-check-rdb calls the forms of values; those that it does not know have names after its manner.</summary>
internal static class RdbFormNames
{
    public static string Of(RdbForm form) => form switch
    {
        RdbForm.String => "string",
        RdbForm.List => "list-linked",
        RdbForm.Set => "set-hashtable",
        RdbForm.SortedSetOfText => "zset-v1",
        RdbForm.Hash => "hash-hashtable",
        RdbForm.SortedSet => "zset-v2",
        RdbForm.ModuleOld => "module-pre-release",
        RdbForm.Module => "module-value",
        RdbForm.HashZipMap => "hash-zipmap",
        RdbForm.ListZipList => "list-ziplist",
        RdbForm.SetIntSet => "set-intset",
        RdbForm.SortedSetZipList => "zset-ziplist",
        RdbForm.HashZipList => "hash-ziplist",
        RdbForm.ListOfZipLists => "quicklist",
        RdbForm.StreamOne => "stream",
        RdbForm.HashListPack => "hash-listpack",
        RdbForm.SortedSetListPack => "zset-listpack",
        RdbForm.ListOfListPacks => "quicklist-v2",
        RdbForm.StreamTwo => "stream-v2",
        RdbForm.SetListPack => "set-listpack",
        RdbForm.StreamThree => "stream-v3",
        RdbForm.HashExpiringDraft => "hash-hashtable-md-pre-release",
        RdbForm.HashExpiringListPackDraft => "hash-listpack-md-pre-release",
        RdbForm.HashExpiring => "hash-hashtable-md",
        RdbForm.HashExpiringListPack => "hash-listpack-md",
        RdbForm.StreamFour => "stream-v4",
        _ => "unknown",
    };
}
