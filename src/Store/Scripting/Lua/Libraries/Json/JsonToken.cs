namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>What a document is cut into.</summary>
internal enum JsonToken
{
    /// <summary>{</summary>
    ObjectStart,

    /// <summary>}</summary>
    ObjectEnd,

    /// <summary>[</summary>
    ArrayStart,

    /// <summary>]</summary>
    ArrayEnd,

    /// <summary>A string.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>null.</summary>
    Null,

    /// <summary>:</summary>
    Colon,

    /// <summary>,</summary>
    Comma,

    /// <summary>The end of the document, or a NUL.</summary>
    End,

    /// <summary>None of them: the fault says why.</summary>
    Fault,
}
