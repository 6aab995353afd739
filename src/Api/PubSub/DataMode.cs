namespace Galley.Api.PubSub;

/// <summary>How the payload of a message is written in JSON.</summary>
internal enum DataMode : byte
{
    Utf8,

    /// <summary>As it is, where it is JSON itself.</summary>
    Json,

    Base64,
}
