namespace Galley.Store.Keyspace.Values;

/// <summary>
/// How far the moving of a collection's blocks has come. Each number is a place that is there in any collection of the type,
/// or lies behind its end, whatever has become of it meanwhile. All zero is the beginning.
/// </summary>
internal struct MovePlace
{
    /// <summary>The number of the structure, of those that the collection has.</summary>
    public int Stage;

    /// <summary>The number of a group, or a producer.</summary>
    public int Outer;

    /// <summary>The number of the structure of a group, or a producer.</summary>
    public int Part;

    /// <summary>The number of a consumer.</summary>
    public int Inner;

    /// <summary>The place in a tree.</summary>
    public long Position;

    /// <summary>The place in a table.</summary>
    public ulong Cursor;

    /// <summary>The table is done when its cursor is 0 again.</summary>
    public bool NextStageIfWhole()
    {
        if (Cursor != 0) return false;
        NextStage();
        return true;
    }

    public void NextStage()
    {
        Stage++;
        Position = 0;
    }
}
