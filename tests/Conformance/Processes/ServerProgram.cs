using Galley.Conformance.Servers;

namespace Galley.Conformance.Processes;

/// <summary>One of the two programs that a test starts with the same words.</summary>
public enum ServerProgram
{
    RedisServer,
    Galley,
}

internal static class ServerPrograms
{
    public static string Path(this ServerProgram program)
    {
        if (program == ServerProgram.RedisServer) Oracle.DemandRedis();
        else Oracle.DemandGalley();
        return program == ServerProgram.RedisServer ? Oracle.RedisServer! : Executables.Galley;
    }

    /// <summary>What Galley alone has is shut, and neither stores anything: the folder is the test's.</summary>
    public static string[] Quiet(this ServerProgram program) => program == ServerProgram.RedisServer
        ? ["--appendonly", "no", "--save", ""]
        : ["--appendonly", "no", "--save", "", "--http-port", "0"];
}
