using Galley.Store.Memory;

namespace Galley.Store.Types;

/// <summary>What is done with each element met. It must not change the table that it is shown.</summary>
public interface IBlockVisitor
{
    void Visit(BlockRef block);
}
