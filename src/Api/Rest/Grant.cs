namespace Galley.Api.Rest;

/// <summary>What the credentials of a request allow.</summary>
internal enum Grant : byte
{
    /// <summary>Commands that read: the bearer of <c>http-readonly-token</c>.</summary>
    ReadOnly,

    /// <summary>Everything.</summary>
    Full,
}
