using System.Text.Json;
using FluentValidation;
using FluentValidation.Results;

namespace Galley.Api.Typed;

/// <summary>
/// What a body must be, by its declaration: no field that is unknown, none missing, each of its type, one alternative of
/// several. A failure's property is the JSON pointer of the place (RFC 6901).
/// </summary>
internal sealed class BodyValidator : AbstractValidator<JsonElement>
{
    /// <summary>More failures of one rule than this help nobody.</summary>
    private const int FailuresMax = 16;

    private readonly Body _body;
    private readonly Dictionary<Field, BodyValidator> _records = [];

    public BodyValidator(Body body)
    {
        _body = body;
        foreach (Field field in body.Fields)
        {
            if (field.Value is Record record) _records[field] = new BodyValidator(record.Body);
        }
        ClassLevelCascadeMode = CascadeMode.Stop;
        AddRule(NotObject);
        AddRule(UnknownFields);
        AddRule(WrongValues);
        AddRule(json => Absences(body.Parts, json));
    }

    /// <summary>The word as the grammar spells it, or null where it is none of them.</summary>
    public static string? TokenOf(WordOf choice, JsonElement value) =>
        Array.Find(choice.Words, word => value.ValueEquals(word) || value.ValueEquals(word.ToLowerInvariant()));

    private void AddRule(Func<JsonElement, IEnumerable<ValidationFailure>> failures) =>
        RuleFor(json => json).Custom((json, context) =>
        {
            foreach (ValidationFailure failure in failures(json).Take(FailuresMax)) context.AddFailure(failure);
        });

    private static IEnumerable<ValidationFailure> NotObject(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) yield return new ValidationFailure("", "must be a JSON object");
    }

    private IEnumerable<ValidationFailure> UnknownFields(JsonElement json)
    {
        string known = _body.Fields.Length == 0 ? "there is none" : "there are " + Names(_body.Fields);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            if (!_body.ByName.ContainsKey(member.Name))
                yield return new ValidationFailure(Pointer(member.Name), "is not a field here: " + known);
        }
    }

    private IEnumerable<ValidationFailure> WrongValues(JsonElement json)
    {
        foreach (Field field in _body.Fields)
        {
            if (!json.TryGetProperty(field.Name, out JsonElement value)) continue;
            IEnumerable<ValidationFailure> failures = field.IsRepeated
                ? WrongElements(field, value)
                : WrongValue(field, value, Pointer(field.Name));
            foreach (ValidationFailure failure in failures) yield return failure;
        }
    }

    private IEnumerable<ValidationFailure> WrongElements(Field field, JsonElement array)
    {
        string pointer = Pointer(field.Name);
        if (array.ValueKind != JsonValueKind.Array)
        {
            yield return new ValidationFailure(pointer, "must be an array");
            yield break;
        }
        int index = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            foreach (ValidationFailure failure in WrongValue(field, element, $"{pointer}/{index}")) yield return failure;
            index++;
        }
    }

    private IEnumerable<ValidationFailure> WrongValue(Field field, JsonElement value, string pointer)
    {
        if (field.Value is Record)
        {
            foreach (ValidationFailure inner in _records[field].Validate(value).Errors)
                yield return new ValidationFailure(pointer + inner.PropertyName, inner.ErrorMessage);
        }
        else if (Flaw(field.Value, value) is { } flaw)
        {
            yield return new ValidationFailure(pointer, flaw);
        }
    }

    private static string? Flaw(FieldValue wanted, JsonElement value) => wanted switch
    {
        Word word => WordValue.Flaw(word.Type, value),
        WordOf choice when value.ValueKind != JsonValueKind.String || TokenOf(choice, value) is null =>
            "must be one of the words " + string.Join(", ", choice.Words),
        Flag when value.ValueKind is not (JsonValueKind.True or JsonValueKind.False) => "must be true or false",
        _ => null,
    };

    private static IEnumerable<ValidationFailure> Absences(Part[] parts, JsonElement json) =>
        parts.SelectMany(part => Absences(part, json));

    private static IEnumerable<ValidationFailure> Absences(Part part, JsonElement json) => part switch
    {
        Field { IsOptional: false } field when !json.Gives(field) => [Absence(field, json)],
        Choice choice => Absences(choice, json),
        Together together when !together.IsOptional || json.Gives(together) => Absences(together.Parts, json),
        _ => [],
    };

    private static ValidationFailure Absence(Field field, JsonElement json)
    {
        bool isEmpty = field.IsRepeated && json.TryGetProperty(field.Name, out _);
        return new ValidationFailure(Pointer(field.Name), isEmpty ? "must have at least one element" : "is required");
    }

    private static IEnumerable<ValidationFailure> Absences(Choice choice, JsonElement json)
    {
        Part[] given = Array.FindAll(choice.Alternatives, alternative => json.Gives(alternative));
        return given.Length switch
        {
            0 when choice.IsOptional => [],
            0 => [new ValidationFailure("", "needs one of the fields " + Names(choice.Alternatives))],
            1 => Absences(given[0], json),
            _ => [new ValidationFailure(Pointer(NameOf(given[1])), $"cannot stand together with {NameOf(given[0])}")],
        };
    }

    private static string Names(IEnumerable<Part> parts) => string.Join(", ", parts.Select(NameOf));

    /// <summary>The field by which a part is known.</summary>
    private static string NameOf(Part part) => part switch
    {
        Field field => field.Name,
        Choice choice => NameOf(choice.Alternatives[0]),
        Together together => NameOf(Array.Find(together.Parts, inner => inner is not Literal) ?? together.Parts[0]),
        _ => "",
    };

    private static string Pointer(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
