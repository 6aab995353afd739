using Galley.Store.Keyspace.Rdb;

namespace Galley.Store.Persistence.Rdb;

/// <summary>What may stand in an RDB file beside keys, in the place of the form of a value.</summary>
internal enum RdbOpcode : byte
{
    /// <summary>Metadata of modules for the next key; in Valkey, slots that are being moved.</summary>
    KeyMetadata = 243,

    SlotInfo = 244,
    Function = LibraryPayload.Mark,
    FunctionDraft = 246,
    ModuleAuxiliary = 247,
    Idle = 248,
    Frequency = 249,
    Auxiliary = 250,
    ResizeDatabase = 251,
    ExpiryMs = 252,
    ExpirySeconds = 253,
    SelectDatabase = 254,
    End = 255,
}
