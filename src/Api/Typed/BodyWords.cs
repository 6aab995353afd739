using System.Globalization;
using System.Text;
using System.Text.Json;
using Galley.Api.Doors;

namespace Galley.Api.Typed;

/// <summary>Writes the words of a command from a body that its validator has let pass.</summary>
internal static class BodyWords
{
    public static void Write(Part[] parts, JsonElement json, CommandBatch batch)
    {
        foreach (Part part in parts) Write(part, json, batch);
    }

    private static void Write(Part part, JsonElement json, CommandBatch batch)
    {
        switch (part)
        {
            case Literal literal:
                AddToken(literal.Token, batch);
                break;
            case Field field when json.Gives(field):
                WriteField(field, json.GetProperty(field.Name), batch);
                break;
            // The count stands in every call: EVAL script 0.
            case Field { IsCounted: true, Token: null }:
                batch.Add("0"u8);
                break;
            case Choice choice when Array.Find(choice.Alternatives, alternative => json.Gives(alternative)) is { } given:
                Write(given, json, batch);
                break;
            case Together together when !together.IsOptional || json.Gives(together):
                Write(together.Parts, json, batch);
                break;
        }
    }

    private static void WriteField(Field field, JsonElement value, CommandBatch batch)
    {
        if (field.Token is { } token && !field.IsTokenRepeated) AddToken(token, batch);
        if (!field.IsRepeated)
        {
            WriteValue(field.Value, value, batch);
            return;
        }
        if (field.IsCounted) batch.Add(Encoding.ASCII.GetBytes(value.GetArrayLength().ToString(CultureInfo.InvariantCulture)));
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (field.IsTokenRepeated) AddToken(field.Token!, batch);
            WriteValue(field.Value, element, batch);
        }
    }

    private static void WriteValue(FieldValue wanted, JsonElement value, CommandBatch batch)
    {
        switch (wanted)
        {
            case Word:
                batch.Add(WordValue.Bytes(value));
                break;
            case WordOf choice:
                AddToken(BodyValidator.TokenOf(choice, value)!, batch);
                break;
            case Record record:
                Write(record.Body.Parts, value, batch);
                break;
        }
    }

    private static void AddToken(string token, CommandBatch batch) => batch.Add(Encoding.ASCII.GetBytes(token));
}
