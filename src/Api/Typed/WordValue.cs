using System.Text;
using System.Text.Json;
using Galley.Resp.Protocol;
using Galley.Store.Commands;

namespace Galley.Api.Typed;

/// <summary>
/// One argument in JSON: text as a string, or as <c>{"b64":"AAE="}</c> where it is not UTF-8; a number as a number, or as
/// a string of its digits where JavaScript would round it.
/// </summary>
internal static class WordValue
{
    /// <summary>The one member of an object that stands for bytes.</summary>
    public const string Base64Name = "b64";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What is wrong with a value of this type, or null.</summary>
    public static string? Flaw(ArgumentType type, JsonElement value) => type switch
    {
        ArgumentType.Integer => IsInteger(value) ? null
            : "must be an integer between -2^63 and 2^64-1, without fraction and exponent; as a string of its digits beyond 2^53-1",
        ArgumentType.UnixTime => IsUnixTime(value) ? null : "must be a Unix time: an integer from 0 to 2^63-1",
        ArgumentType.Double => IsDouble(value) ? null : "must be a number, or one of the strings inf and -inf",
        _ => IsText(value) ? null : $"must be a string, or an object {{\"{Base64Name}\":\"..\"}} of bytes in base64",
    };

    /// <summary>The bytes of a value that has no flaw.</summary>
    public static byte[] Bytes(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StrictUtf8.GetBytes(value.GetString()!),
        JsonValueKind.Object => value.GetProperty(Base64Name).GetBytesFromBase64(),
        _ => Encoding.ASCII.GetBytes(value.GetRawText()),
    };

    private static bool IsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TryGetText(value, out _),
        JsonValueKind.Object => value.GetPropertyCount() == 1 && value.TryGetProperty(Base64Name, out JsonElement base64)
            && base64.ValueKind == JsonValueKind.String && base64.TryGetBytesFromBase64(out _),
        _ => false,
    };

    private static bool IsInteger(JsonElement value) =>
        TryGetNumber(value, out byte[] digits) && (Numbers.TryParseInt64(digits, out _) || Numbers.TryParseUInt64(digits, out _));

    private static bool IsUnixTime(JsonElement value) =>
        TryGetNumber(value, out byte[] digits) && Numbers.TryParseInt64(digits, out long time) && time >= 0;

    private static bool IsDouble(JsonElement value) =>
        TryGetNumber(value, out byte[] digits) && Numbers.TryParseDouble(digits, out double number) && !double.IsNaN(number);

    /// <summary>The characters of a number, or of a string that may hold one.</summary>
    private static bool TryGetNumber(JsonElement value, out byte[] digits)
    {
        string? text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
        if (value.ValueKind == JsonValueKind.String) TryGetText(value, out text);
        digits = Encoding.UTF8.GetBytes(text ?? "");
        return digits.Length > 0;
    }

    /// <summary>False for half of a surrogate pair, which no UTF-8 can say.</summary>
    private static bool TryGetText(JsonElement value, out string? text)
    {
        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}
