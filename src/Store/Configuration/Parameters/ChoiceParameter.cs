using System.Reflection;
using System.Text;

namespace Galley.Store.Configuration;

/// <summary>One of an enum's members, each written in small letters with a dash before every capital.</summary>
internal sealed class ChoiceParameter : Parameter
{
    private readonly object[] _members;
    private readonly string[] _names;
    private readonly string _listed;

    public ChoiceParameter(Settings settings, PropertyInfo property, ParameterAttribute declaration)
        : base(settings, property, declaration)
    {
        FieldInfo[] fields = property.PropertyType.GetFields(BindingFlags.Static | BindingFlags.Public);
        _members = [.. fields.Select(field => field.GetValue(null)!)];
        _names = [.. fields.Select(field => Kebab(field.Name))];
        _listed = string.Join(", ", fields.Where(field => !field.IsDefined(typeof(NewerAttribute))).Select(field => Kebab(field.Name)));
    }

    public override string Text => _names[Array.IndexOf(_members, Value)];

    public override string? Parse(ReadOnlySpan<string> words, bool adds, out object value)
    {
        string word = words[0];
        int at = Array.FindIndex(_names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
        value = _members[Math.Max(at, 0)];
        return at >= 0 ? null : "argument(s) must be one of the following: " + _listed;
    }

    private static string Kebab(string member)
    {
        var text = new StringBuilder();
        foreach (char letter in member)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
