using System.Collections.Frozen;

namespace Galley.Api.Typed;

/// <summary>The first words of errors, and what they are in HTTP.</summary>
internal sealed record ProblemCode(string Code, int Status, string Title)
{
    /// <summary>The body does not fit the declaration; the engine was not asked.</summary>
    public const string Invalid = "INVALID";

    /// <summary>No command has this name.</summary>
    public const string Unknown = "UNKNOWN";

    private static readonly ProblemCode General = new("ERR", StatusCodes.Status400BadRequest, "The command failed");

    private static readonly FrozenDictionary<string, ProblemCode> ByCode = new ProblemCode[]
    {
        General,
        new(Invalid, StatusCodes.Status422UnprocessableEntity, "The body does not fit the command"),
        new(Unknown, StatusCodes.Status404NotFound, "There is no such command"),
        new("NOAUTH", StatusCodes.Status401Unauthorized, "Credentials are required"),
        new("WRONGPASS", StatusCodes.Status401Unauthorized, "The credentials are wrong"),
        new("NOPERM", StatusCodes.Status403Forbidden, "The user may not do this"),
        new("DENIED", StatusCodes.Status403Forbidden, "The client may not come in"),
        new("NOGROUP", StatusCodes.Status404NotFound, "There is no such consumer group"),
        new("NOSCRIPT", StatusCodes.Status404NotFound, "There is no such script"),
        new("WRONGTYPE", StatusCodes.Status409Conflict, "The key holds another type"),
        new("BUSYGROUP", StatusCodes.Status409Conflict, "The consumer group is there already"),
        new("BUSYKEY", StatusCodes.Status409Conflict, "The key is there already"),
        new("EXECABORT", StatusCodes.Status409Conflict, "The transaction was given up"),
        new("NOTBUSY", StatusCodes.Status409Conflict, "No script is running"),
        new("UNKILLABLE", StatusCodes.Status409Conflict, "The script has written and cannot be stopped"),
        new("READONLY", StatusCodes.Status421MisdirectedRequest, "This server takes no writes"),
        new("MOVED", StatusCodes.Status421MisdirectedRequest, "Another server has the key"),
        new("ASK", StatusCodes.Status421MisdirectedRequest, "The key is on its way to another server"),
        new("LOADING", StatusCodes.Status503ServiceUnavailable, "The data is being loaded"),
        new("BUSY", StatusCodes.Status503ServiceUnavailable, "A script keeps the server busy"),
        new("MISCONF", StatusCodes.Status503ServiceUnavailable, "Writes cannot be stored"),
        new("MASTERDOWN", StatusCodes.Status503ServiceUnavailable, "The master cannot be reached"),
        new("CLUSTERDOWN", StatusCodes.Status503ServiceUnavailable, "The cluster is down"),
        new("TRYAGAIN", StatusCodes.Status503ServiceUnavailable, "The keys are on their way to another server"),
        new("NOREPLICAS", StatusCodes.Status503ServiceUnavailable, "Too few replicas are in step"),
        new("OOM", StatusCodes.Status507InsufficientStorage, "The memory limit is reached"),
    }.ToFrozenDictionary(code => code.Code, StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<ProblemCode> All => ByCode.Values;

    /// <summary>Where a person or a program can read what the problem is.</summary>
    public string Type => "/v1/problems/" + Code.ToLowerInvariant();

    /// <summary>The entry of an error's first word; of those that are not listed, the general one.</summary>
    public static ProblemCode OfError(string error)
    {
        int blank = error.IndexOf(' ', StringComparison.Ordinal);
        return Find(blank < 0 ? error : error[..blank]) ?? General;
    }

    public static ProblemCode? Find(string code) => ByCode.GetValueOrDefault(code);
}
