namespace Galley.Resp.Protocol;

public enum RespVersion : byte
{
    Resp2 = 2,
    Resp3 = 3,
}
