namespace Galley.Conformance.Boundaries;

/// <summary>Numbers at which some machine's arithmetic turns over, and words that are nearly numbers.</summary>
internal static class BoundaryNumbers
{
    public static readonly string[] All =
    [
        "0", "1", "-1", "2", "-2", "10", "-0", "+1", "01", "1.0", "1.5", "-1.5", ".5", "1e3", "0x10", "\"\"", "\" 1\"", "\"1 \"", "abc",
        "2147483646", "2147483647", "2147483648", "-2147483647", "-2147483648", "-2147483649",
        "4294967295", "4294967296", "4294967297", "-4294967296",
        "9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740992", "-9007199254740993",
        "9223372036854775", "9223372036854776", "9223372036854775806", "9223372036854775807", "9223372036854775808",
        "-9223372036854775807", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "99999999999999999999999999", "nan", "inf", "-inf", "1e308", "1e-308", "1e309", "0.1", "3.0", "1e17", "123456789.123456789",
    ];

    /// <summary>For keys on which the command does not work: whether the number or the type is looked at first.</summary>
    public static readonly string[] Few = ["0", "1", "-1", "abc", "nan", "9223372036854775807", "-9223372036854775809"];
}
