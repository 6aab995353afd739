namespace Galley.Api.WebSockets;

/// <summary>What a frame of RFC 6455 is.</summary>
internal enum Opcode : byte
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
