using System.Text.Json.Nodes;
using Galley.Api.Typed;
using Galley.Store.Commands;

namespace Galley.Api.OpenApi;

/// <summary>
/// A body that works: what the declaration requires, the first of alternatives, and of what is optional the few that show
/// how it is used and harm nobody. The same for the same declaration, so that a test can run it.
/// </summary>
internal static class BodyExample
{
    // A lifetime, a page size, a place to search from, one of the two settings that XCFGSET has, and the arguments of a command
    // that takes a command.
    private static readonly string[] ShownTokens = ["EX", "COUNT", "FROMMEMBER", "IDMP-DURATION"];
    private const string ShownArgument = "arg";

    // The option with which a command's other arguments make sense.
    private static readonly Dictionary<string, string> Completions = new() { ["ZRANGESTORE"] = "bylex" };

    public static JsonObject Of(TypedOperation operation)
    {
        Group group = operation.Command.Declaration.Group;
        JsonObject json = Of(operation.Body, group);
        // Where nothing is required an empty body would show nothing.
        if (json.Count == 0 && operation.Body.Parts is [var first, ..]) Add(json, first, group);
        if (Completions.TryGetValue(operation.Command.Name, out string? option)) json[option] = true;
        return json;
    }

    private static JsonObject Of(Body body, Group group)
    {
        var json = new JsonObject();
        AddWanted(json, body.Parts, group);
        return json;
    }

    private static void AddWanted(JsonObject json, Part[] parts, Group group)
    {
        foreach (Part part in parts)
        {
            bool isRequired = part is Field { IsOptional: false } or Choice { IsOptional: false } or Together { IsOptional: false };
            if (isRequired || IsShown(part)) Add(json, part, group);
            else if (part is Choice choice && Array.Find(choice.Alternatives, IsShown) is { } shown) Add(json, shown, group);
        }
    }

    private static void Add(JsonObject json, Part part, Group group)
    {
        if (part is Field field) json[field.Name] = ValueOf(field, group);
        else if (part is Choice choice) Add(json, choice.Alternatives[0], group);
        else if (part is Together together) AddWanted(json, together.Parts, group);
    }

    private static bool IsShown(Part part) => part is Field field
        && ((field.Token is { } token && Array.IndexOf(ShownTokens, token) >= 0) || field.Value is Word { Name: ShownArgument });

    private static JsonNode ValueOf(Field field, Group group)
    {
        JsonNode value = field.Value switch
        {
            Word word => ExampleWords.Of(word, group),
            WordOf choice => choice.Words[0],
            Record record => Of(record.Body, group),
            _ => true,
        };
        return field.IsRepeated ? new JsonArray(value) : value;
    }
}
