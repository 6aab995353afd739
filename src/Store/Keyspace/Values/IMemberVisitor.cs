using Galley.Store.Types;

namespace Galley.Store.Keyspace.Values;

/// <summary>What is done with each member met. It must not change the value that it is shown.</summary>
internal interface IMemberVisitor
{
    void Visit(ListPackElement member);
}
