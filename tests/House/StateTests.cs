using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.House;

/// <summary>There is no static mutable state: two engines in one process know nothing of each other.</summary>
public sealed class StateTests
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_static_field_of_the_engine_can_change()
    {
        string[] fields = [.. from assembly in new[] { typeof(CommandTable).Assembly, typeof(RespWriter).Assembly }
                              from type in assembly.GetTypes()
                              where !IsGenerated(type)
                              from field in type.GetFields(Statics)
                              where !field.IsLiteral && !IsGenerated(field) && (!field.IsInitOnly || IsMutableCollection(field.FieldType))
                              select $"{type.FullName}.{field.Name}"];
        Assert.True(fields.Length == 0, $"{string.Join('\n', fields)}\nRemedy: let an object hold it that the host makes and hands on; a table that never"
            + " changes is readonly, and a FrozenDictionary or an array.");
    }

    private static bool IsMutableCollection(Type type) =>
        type != typeof(string) && !type.IsArray && typeof(IEnumerable).IsAssignableFrom(type)
        && type.IsGenericType && type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent" && !type.IsInterface;

    // The compiler's own: caches of lambdas, the data of array literals.
    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal) && !member.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
        || (member is Type type && (type.IsDefined(typeof(CompilerGeneratedAttribute), false) || (type.DeclaringType is { } outer && IsGenerated(outer))));
}
