namespace Galley.LoadTests;

/// <summary>Measures Galley beside its peers, on one machine, in one run: see README.md for the command lines.</summary>
public static class Program
{
    private const string Usage =
        """
        dotnet run -c Release --project load-tests/Scenarios -- SCENARIO [--option value ...]

          speed            processor time for one operation      --tests ping_mbulk,set,get,incr,mset,publish --pipelines 1,16 --rounds 3 --seconds 1.5 --aof yes
          memory           resident bytes a key                  --keys 1000000 --shapes string,string+ttl
          growth           replies while the table grows         --keys 5000000 --seconds 30 --pipeline 16
          loading          a file of many keys is loaded         --keys 1000000 --shapes string,string+ttl,hash,list,set,intset,zset --rounds 3
          large-values     values of millions of elements       --elements 5000000 --values list,hash,set,zset --seconds 20 --pace 2000
          save-huge        a large value saved under changes     --elements 1000000 --values hash,set,zset,list --rounds 3 --pace 2000
          defrag           memory after half of it was deleted   --megabytes 2048 --pace 2000
          soak             at the bound for ten minutes          --seconds 600 --megabytes 1024 --rate 2000 --clients 4 --pace 2000
          expiry-storm     keys that expire at once, or all the time  --parts storm,steady --keys 1000000 --rate 100000 --seconds 30 --pace 2000
          rest-under-load  a REST GET while RESP is saturated    --seconds 20
          rest             the REST door beside webdis           --rounds 3 --seconds 5
          connections      crowds, storms and slow readers        --connections 10000 --rate 1000 --seconds 60 --pace 1000
          always           writes under appendfsync always       --rounds 3 --seconds 3
          idle-sockets     WebSockets that do nothing            --sockets 10000 --seconds 30 --subscribed yes
          hit-rate         what a bounded cache has          --parts rates,memory --policies allkeys-lru,allkeys-lfu --traces zipf-0.9,zipf-1.2+scan --keys 50000 --requests 600000 --samples 5 --seconds 47 --mib 16
          fan-out          a message to many subscribers         --door ws,resp,stream --sockets 1000 --rate 20 --bytes 100 --seconds 20 --slow yes

          --only ours,redis picks servers; --file yes adds the table to load-tests/results.
          SERVER names the command line of Galley, PEERS adds servers as name=command;name=command.
        """;

    public static int Main(string[] args)
    {
        if (args.Length == 0 || args.Length % 2 == 0)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        var options = new Options(args[1..]);
        using var report = new Report(args[0], options);
        switch (args[0])
        {
            case "speed": Speed.Run(options, report); break;
            case "memory": Memory.Run(options, report); break;
            case "growth": Growth.Run(options, report); break;
            case "loading": Loading.Run(options, report); break;
            case "large-values": LargeValues.Run(options, report); break;
            case "save-huge": SaveHuge.Run(options, report); break;
            case "defrag": Defrag.Run(options, report); break;
            case "soak": Soak.Run(options, report); break;
            case "expiry-storm": ExpiryStorm.Run(options, report); break;
            case "rest-under-load": RestUnderLoad.Run(options, report); break;
            case "rest": RestBesideWebdis.Run(options, report); break;
            case "connections": Connections.Run(options, report); break;
            case "always": Always.Run(options, report); break;
            case "idle-sockets": IdleSockets.Run(options, report); break;
            case "hit-rate": HitRate.Run(options, report); break;
            case "fan-out": FanOut.Run(options, report); break;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
        return 0;
    }
}
