using System.Text.Json;

namespace Galley.Api.Typed;

/// <summary>Asks a JSON object for parts.</summary>
internal static class JsonObjects
{
    /// <summary>The object gives the part: a false flag and an empty array give nothing.</summary>
    public static bool Gives(this JsonElement json, Part part) => part switch
    {
        Field field => json.TryGetProperty(field.Name, out JsonElement value) && !IsNothing(field, value),
        Choice choice => Array.Exists(choice.Alternatives, alternative => json.Gives(alternative)),
        Together together => Array.Exists(together.Parts, inner => json.Gives(inner)),
        _ => false,
    };

    private static bool IsNothing(Field field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => field.Value is Flag,
        JsonValueKind.Array => field.IsRepeated && value.GetArrayLength() == 0,
        _ => false,
    };
}
