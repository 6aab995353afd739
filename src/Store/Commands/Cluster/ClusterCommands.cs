namespace Galley.Store.Commands;

/// <summary>CLUSTER and what clients say to a node of one. Galley answers as a redis-server without <c>cluster-enabled</c>.</summary>
internal static class ClusterCommands
{
    private const Flags Changing = Flags.Admin | Flags.Stale | Flags.NoAsyncLoading;
    private const Flags Inspecting = Flags.Admin | Flags.Stale;
    private const Flags PerConnection = Flags.Loading | Flags.Stale | Flags.Fast;
    private const string Varying = "nondeterministic_output";

    [Command("CLUSTER|ADDSLOTS", "slot:integer...", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(N) in the slots",
        Summary = "Takes hash slots for this node.")]
    [Command("CLUSTER|ADDSLOTSRANGE", "(start-slot:integer end-slot:integer)...", Group.Cluster, Changing, Since = "7.0.0", Cost = "O(N) in the slots",
        Summary = "Takes ranges of hash slots for this node.")]
    [Command("CLUSTER|BUMPEPOCH", "", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)", Tips = Varying,
        Summary = "Raises the configuration epoch of this node.")]
    [Command("CLUSTER|COUNT-FAILURE-REPORTS", "node-id", Group.Cluster, Inspecting, Since = "3.0.0", Cost = "O(N) in the reports", Tips = Varying,
        Summary = "Counts the reports that a node has failed.")]
    [Command("CLUSTER|COUNTKEYSINSLOT", "slot:integer", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(1)",
        Summary = "Counts the keys of a hash slot.")]
    [Command("CLUSTER|DELSLOTS", "slot:integer...", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(N) in the slots",
        Summary = "Gives hash slots of this node up.")]
    [Command("CLUSTER|DELSLOTSRANGE", "(start-slot:integer end-slot:integer)...", Group.Cluster, Changing, Since = "7.0.0", Cost = "O(N) in the slots",
        Summary = "Gives ranges of hash slots of this node up.")]
    [Command("CLUSTER|FAILOVER", "[FORCE | TAKEOVER]", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Makes this replica the master of its shard.")]
    [Command("CLUSTER|FLUSHSLOTS", "", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Gives all hash slots of this node up.")]
    [Command("CLUSTER|FORGET", "node-id", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Takes a node out of the list of nodes.")]
    [Command("CLUSTER|GETKEYSINSLOT", "slot:integer count:integer", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(N) in the keys asked for", Tips = Varying,
        Summary = "Lists keys of a hash slot.")]
    [Command("CLUSTER|HELP", "", Group.Cluster, Flags.Loading | Flags.Stale, Since = "5.0.0", Cost = "O(1)",
        Summary = "Explains the subcommands, in cluster mode.")]
    [Command("CLUSTER|INFO", "", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(1)", Tips = Varying,
        Summary = "Tells the state of the cluster.")]
    [Command("CLUSTER|KEYSLOT", "key:string", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(N) in the bytes of the key",
        Summary = "Tells the hash slot of a key.")]
    [Command("CLUSTER|LINKS", "", Group.Cluster, Flags.Stale, Since = "7.0.0", Cost = "O(N) in the nodes", Tips = Varying,
        Summary = "Lists the links to and from the other nodes.")]
    [Command("CLUSTER|MEET", "ip port:integer [cluster_bus_port:integer]", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Makes this node know another.")]
    [Command("CLUSTER|MYID", "", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(1)",
        Summary = "Tells the identifier of this node.")]
    [Command("CLUSTER|MYSHARDID", "", Group.Cluster, Flags.Stale, Since = "7.2.0", Cost = "O(1)", Tips = Varying,
        Summary = "Tells the identifier of this node's shard.")]
    [Command("CLUSTER|NODES", "", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(N) in the nodes", Tips = Varying,
        Summary = "Tells what this node knows of each node.")]
    [Command("CLUSTER|REPLICAS", "node-id", Group.Cluster, Inspecting, Since = "5.0.0", Cost = "O(N) in the replicas", Tips = Varying,
        Summary = "Lists the replicas of a node.")]
    [Command("CLUSTER|REPLICATE", "node-id", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Makes this node the replica of another.")]
    [Command("CLUSTER|RESET", "[HARD | SOFT]", Group.Cluster, Flags.Admin | Flags.NoScript | Flags.Stale, Since = "3.0.0", Cost = "O(N) in the nodes and the keys",
        Summary = "Makes this node forget the cluster.")]
    [Command("CLUSTER|SAVECONFIG", "", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Writes the state of the cluster to its file.")]
    [Command("CLUSTER|SET-CONFIG-EPOCH", "config-epoch:integer", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Sets the configuration epoch of a new node.")]
    [Command("CLUSTER|SETSLOT", "slot:integer (IMPORTING node-id | MIGRATING node-id | NODE node-id | STABLE)", Group.Cluster, Changing, Since = "3.0.0", Cost = "O(1)",
        Summary = "Sets the state and the owner of a hash slot.")]
    [Command("CLUSTER|SHARDS", "", Group.Cluster, Flags.Stale, Since = "7.0.0", Cost = "O(N) in the nodes", Tips = Varying,
        Summary = "Lists the shards with their slots and nodes.")]
    [Command("CLUSTER|SLAVES", "node-id", Group.Cluster, Inspecting, Since = "3.0.0", Cost = "O(N) in the replicas", Tips = Varying, DeprecatedSince = "5.0.0", ReplacedBy = "`CLUSTER REPLICAS`",
        Summary = "Lists the replicas of a node.")]
    [Command("CLUSTER|SLOTS", "", Group.Cluster, Flags.Stale, Since = "3.0.0", Cost = "O(N) in the nodes", Tips = Varying, DeprecatedSince = "7.0.0", ReplacedBy = "`CLUSTER SHARDS`",
        Summary = "Tells which node has which hash slots.")]
    [Command("CLUSTER|SLOT-STATS", "(SLOTSRANGE start-slot:integer end-slot:integer | ORDERBY metric [LIMIT limit:integer] [ASC | DESC])",
        Group.Cluster, Flags.Stale | Flags.Loading, Since = "8.2.0", Cost = "O(N) in the slots, O(N log N) in an order",
        Tips = Varying + ", request_policy:all_shards", Summary = "Tells how much the slots of this node are used.")]
    [Command("CLUSTER|MIGRATION", "(IMPORT (start-slot:integer end-slot:integer)... | CANCEL (ID task-id | ALL) | STATUS (ID task-id | ALL))",
        Group.Cluster, Changing, Since = "8.4.0", Cost = "O(N) in the slots", Summary = "Moves slots here as a whole, and tells how far that is.")]
    [Command("CLUSTER|MIGRATESLOTS", "(SLOTSRANGE (start-slot:integer end-slot:integer)... NODE node-id)...", Group.Cluster, Changing,
        Since = "valkey 9.0.0", Cost = "O(N) in the slots", Summary = "Moves slots from here to other nodes.")]
    [Command("CLUSTER|GETSLOTMIGRATIONS", "", Group.Cluster, Inspecting, Since = "valkey 9.0.0", Cost = "O(N) in the migrations", Tips = Varying,
        Summary = "Tells of the moves of slots that this node knows of.")]
    [Command("CLUSTER|CANCELSLOTMIGRATIONS", "", Group.Cluster, Changing, Since = "valkey 9.0.0", Cost = "O(N) in the migrations",
        Summary = "Gives up the moves of slots that began here.")]
    [Command("READONLY", "", Group.Cluster, PerConnection, Since = "3.0.0", Cost = "O(1)", Categories = "connection",
        Summary = "Lets this connection read from a replica of the cluster.")]
    [Command("READWRITE", "", Group.Cluster, PerConnection, Since = "3.0.0", Cost = "O(1)", Categories = "connection",
        Summary = "Ends what READONLY began.")]
    [Command("ASKING", "", Group.Cluster, Flags.Fast, Since = "3.0.0", Cost = "O(1)", Categories = "connection",
        Summary = "Tells that a redirection sent the next command here.")]
    public static void Refuse(Execution x) => x.Reply.Error("ERR This instance has cluster support disabled"u8);
}
