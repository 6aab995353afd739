using System.Reflection;
using System.Reflection.Emit;

namespace Galley.House;

/// <summary>
/// The types that a type refers to, as the compiler wrote them down: base, interfaces, fields, signatures, locals, and every
/// token in the bodies of its methods. What a <c>using</c> says or hides makes no difference here.
/// </summary>
public static class References
{
    private const BindingFlags Everything =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // A code of two bytes begins with 0xFE.
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

    public static HashSet<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        Add(found, type.BaseType);
        foreach (Type contract in type.GetInterfaces()) Add(found, contract);
        foreach (FieldInfo field in type.GetFields(Everything)) Add(found, field.FieldType);
        foreach (MethodInfo method in type.GetMethods(Everything))
        {
            Add(found, method.ReturnType);
            AddMethod(found, method);
        }
        foreach (ConstructorInfo constructor in type.GetConstructors(Everything)) AddMethod(found, constructor);
        found.Remove(type);
        return found;
    }

    private static void AddMethod(HashSet<Type> found, MethodBase method)
    {
        foreach (ParameterInfo parameter in method.GetParameters()) Add(found, parameter.ParameterType);
        MethodBody? body = method.GetMethodBody();
        if (body is null) return;
        foreach (LocalVariableInfo local in body.LocalVariables) Add(found, local.LocalType);
        foreach (int token in Tokens(body.GetILAsByteArray()!)) AddToken(found, method, token);
    }

    private static void AddToken(HashSet<Type> found, MethodBase method, int token)
    {
        try
        {
            Type[]? ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
            Type[]? ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
            MemberInfo? member = method.Module.ResolveMember(token, ofType, ofMethod);
            Add(found, member as Type ?? member?.DeclaringType);
        }
        catch (ArgumentException)
        {
            // The token of a string or of a signature names no member.
        }
    }

    private static IEnumerable<int> Tokens(byte[] code)
    {
        for (int at = 0; at < code.Length;)
        {
            short value = code[at] == Prefix ? (short)((Prefix << 8) | code[at + 1]) : code[at];
            OpCode operation = Codes[value];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return BitConverter.ToInt32(code, at);
            at += SizeOf(operation.OperandType, code, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    private static void Add(HashSet<Type> found, Type? type)
    {
        while (type is { HasElementType: true }) type = type.GetElementType();
        if (type is null || type.IsGenericParameter) return;
        if (type.IsGenericType)
        {
            foreach (Type argument in type.GetGenericArguments()) Add(found, argument);
            type = type.GetGenericTypeDefinition();
        }
        found.Add(type);
    }
}
