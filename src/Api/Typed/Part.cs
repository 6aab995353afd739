using Galley.Store.Commands;

namespace Galley.Api.Typed;

/// <summary>
/// A piece of a command's words, and where in a JSON object they come from. Its order is the order of the words.
/// </summary>
internal abstract record Part;

/// <summary>A word that stands in every call, so that no field need say it: <c>STREAMS</c>.</summary>
internal sealed record Literal(string Token) : Part;

/// <summary>A member of the object.</summary>
internal sealed record Field : Part
{
    public required string Name { get; init; }

    public required FieldValue Value { get; init; }

    /// <summary>The word before the value; null for none.</summary>
    public string? Token { get; init; }

    public bool IsOptional { get; init; }

    /// <summary>The member is an array of its values.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>The token stands before each element, and not once before all.</summary>
    public bool IsTokenRepeated { get; init; }

    /// <summary>The number of the elements stands before them (<c>numkeys</c>); who calls need not say it.</summary>
    public bool IsCounted { get; init; }
}

/// <summary>One of its alternatives, whose fields lie side by side in the object.</summary>
internal sealed record Choice(Part[] Alternatives, bool IsOptional) : Part;

/// <summary>Parts that are given together or not at all; their fields lie in the object itself.</summary>
internal sealed record Together(Part[] Parts, bool IsOptional) : Part;

/// <summary>What a field holds.</summary>
internal abstract record FieldValue;

/// <summary>One argument: a string, a number.</summary>
internal sealed record Word(string Name, ArgumentType Type) : FieldValue;

/// <summary>True: the token is there.</summary>
internal sealed record Flag : FieldValue;

/// <summary>One of these words.</summary>
internal sealed record WordOf(string[] Words) : FieldValue;

/// <summary>An object of its own.</summary>
internal sealed record Record(Body Body) : FieldValue;

/// <summary>A JSON object: its parts in the order of the words, and its fields by name.</summary>
internal sealed class Body
{
    public Body(Part[] parts)
    {
        Parts = parts;
        var fields = new List<Field>();
        Collect(parts, fields);
        Fields = [.. fields];
        // Not a frozen one: to freeze hundreds of them would take longer than all that is ever looked up.
        ByName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    public Part[] Parts { get; }

    /// <summary>All fields, those within choices too, in the order of the words.</summary>
    public Field[] Fields { get; }

    public IReadOnlyDictionary<string, Field> ByName { get; }

    private static void Collect(Part[] parts, List<Field> fields)
    {
        foreach (Part part in parts)
        {
            if (part is Field field) fields.Add(field);
            else if (part is Choice choice) Collect(choice.Alternatives, fields);
            else if (part is Together together) Collect(together.Parts, fields);
        }
    }
}
