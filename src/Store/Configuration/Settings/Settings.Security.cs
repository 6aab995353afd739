namespace Galley.Store.Configuration;

/// <summary>Who may do what. Users other than the default one are not there yet.</summary>
public sealed partial class Settings
{
    [Parameter("aclfile", Change = Change.AtStart)]
    [Unserved("Galley has no ACL file", NextStep = "Remove the line, and give the default user its password with requirepass.")]
    public string AclFile { get; set; } = "";

    [Accepted("acl-pubsub-default")]
    public ChannelsOfUser AclPubSubDefault { get; set; } = ChannelsOfUser.Resetchannels;

    [Accepted("acllog-max-len", Max = long.MaxValue)]
    public long AclLogEntriesMax { get; set; } = 128;
}
