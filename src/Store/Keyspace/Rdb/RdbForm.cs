namespace Galley.Store.Keyspace.Rdb;

/// <summary>The forms in which RDB holds values; the numbers are those in files and DUMP payloads.</summary>
internal enum RdbForm : byte
{
    String = 0,
    List = 1,
    Set = 2,

    /// <summary>Scores as text; what redis-server wrote before 4.0.</summary>
    SortedSetOfText = 3,

    Hash = 4,

    /// <summary>Scores as the eight bytes of a double.</summary>
    SortedSet = 5,

    ModuleOld = 6,
    Module = 7,
    HashZipMap = 9,
    ListZipList = 10,
    SetIntSet = 11,
    SortedSetZipList = 12,
    HashZipList = 13,

    /// <summary>A list of ziplists.</summary>
    ListOfZipLists = 14,

    StreamOne = 15,
    HashListPack = 16,
    SortedSetListPack = 17,

    /// <summary>A list of listpacks and of long elements.</summary>
    ListOfListPacks = 18,

    StreamTwo = 19,
    SetListPack = 20,
    StreamThree = 21,

    /// <summary>Fields with absolute expiries: Redis 7.4 before it was released. Valkey, from version 80 on, has a form of its own under this number.</summary>
    HashExpiringDraft = 22,

    /// <summary>As a listpack: Redis 7.4 before it was released.</summary>
    HashExpiringListPackDraft = 23,

    /// <summary>Fields with expiries, from the first of them on.</summary>
    HashExpiring = 24,

    /// <summary>Triples of field, value and expiry in a listpack, by expiry.</summary>
    HashExpiringListPack = 25,

    StreamFour = 26,
}
