using System.Collections.Frozen;
using Galley.Store.Commands;

namespace Galley.Api.Typed;

/// <summary>The operations of all commands that can be called, by their names: <c>set</c>, <c>config/get</c>.</summary>
internal sealed class TypedOperations
{
    private readonly FrozenDictionary<string, TypedOperation> _byName;

    public TypedOperations(CommandTable commands)
    {
        var all = new List<TypedOperation>();
        foreach (CommandInfo command in commands.All)
        {
            if (!command.IsContainerOnly) all.Add(new TypedOperation(command));
        }
        All = [.. all];
        _byName = All.ToFrozenDictionary(operation => operation.Path[(TypedOperation.Root.Length + 1)..], StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>In the order of the command table.</summary>
    public TypedOperation[] All { get; }

    public IEnumerable<string> Names => _byName.Keys;

    public bool TryFind(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TypedOperation? operation) =>
        _byName.TryGetValue(name, out operation);
}
