namespace Galley.Store.Commands;

[Flags]
public enum AclCategories : uint
{
    None = 0,
    Keyspace = 1 << 0,
    Read = 1 << 1,
    Write = 1 << 2,
    Set = 1 << 3,
    SortedSet = 1 << 4,
    List = 1 << 5,
    Hash = 1 << 6,
    String = 1 << 7,
    Bitmap = 1 << 8,
    HyperLogLog = 1 << 9,
    Geo = 1 << 10,
    Stream = 1 << 11,
    PubSub = 1 << 12,
    Admin = 1 << 13,
    Fast = 1 << 14,
    Slow = 1 << 15,
    Blocking = 1 << 16,
    Dangerous = 1 << 17,
    Connection = 1 << 18,
    Transaction = 1 << 19,
    Scripting = 1 << 20,
}

/// <summary>Derives the categories of a command from its group and flags, as redis-server does.</summary>
internal static class AclCategory
{
    public const int Count = 21;

    public static AclCategories Of(Group group, Flags flags, string declared)
    {
        AclCategories categories = OfGroup(group);
        if ((flags & Flags.Write) != 0) categories |= AclCategories.Write;
        if ((flags & Flags.ReadOnly) != 0 && group != Group.Scripting) categories |= AclCategories.Read;
        if ((flags & Flags.Admin) != 0) categories |= AclCategories.Admin | AclCategories.Dangerous;
        if ((flags & Flags.PubSub) != 0) categories |= AclCategories.PubSub;
        if ((flags & Flags.Blocking) != 0) categories |= AclCategories.Blocking;
        categories |= (flags & Flags.Fast) != 0 ? AclCategories.Fast : AclCategories.Slow;
        return Apply(declared, categories);
    }

    /// <summary>The category that COMMAND and ACL call so, in any case; None for none.</summary>
    public static AclCategories Named(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Count; i++)
            if (System.Text.Ascii.EqualsIgnoreCase(name, Names[i])) return (AclCategories)(1u << i);
        return AclCategories.None;
    }

    /// <summary>By the number of the bit, in small letters.</summary>
    public static readonly string[] Names =
        Array.ConvertAll(Enum.GetNames<AclCategories>()[1..], name => name.ToLowerInvariant());

    private static AclCategories OfGroup(Group group) => group switch
    {
        Group.String => AclCategories.String,
        Group.Generic => AclCategories.Keyspace,
        Group.List => AclCategories.List,
        Group.Set => AclCategories.Set,
        Group.SortedSet => AclCategories.SortedSet,
        Group.Hash => AclCategories.Hash,
        Group.Transactions => AclCategories.Transaction,
        Group.Connection => AclCategories.Connection,
        Group.Scripting => AclCategories.Scripting,
        Group.HyperLogLog => AclCategories.HyperLogLog,
        Group.Geo => AclCategories.Geo,
        Group.Stream => AclCategories.Stream,
        Group.Bitmap => AclCategories.Bitmap,
        _ => AclCategories.None, // Pub/sub follows from the flag; servers and clusters have none.
    };

    /// <summary>The attribute's own words: <c>dangerous</c> adds, <c>-keyspace</c> takes away.</summary>
    private static AclCategories Apply(string declared, AclCategories categories)
    {
        foreach (string word in declared.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool takesAway = word[0] == '-';
            string name = takesAway ? word[1..] : word;
            int bit = Array.IndexOf(Names, name);
            if (bit < 0) throw new DeclarationException($"'{name}' is no ACL category.");
            var category = (AclCategories)(1u << bit);
            categories = takesAway ? categories & ~category : categories | category;
        }
        return categories;
    }
}
