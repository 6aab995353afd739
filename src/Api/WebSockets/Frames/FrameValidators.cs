using FluentValidation;

namespace Galley.Api.WebSockets;

/// <summary>What a frame of each type must have. The first failure is sent back as a BADFRAME error.</summary>
internal static class FrameValidators
{
    private static readonly IValidator<ClientFrame> Subscribe = new SubscribeValidator();
    private static readonly IValidator<ClientFrame> PatternSubscribe = new PatternSubscribeValidator();
    private static readonly IValidator<ClientFrame> Unsubscribe = new UnsubscribeValidator();
    private static readonly IValidator<ClientFrame> Command = new CommandValidator();
    private static readonly IValidator<ClientFrame> StreamRead = new StreamReadValidator();
    private static readonly IValidator<ClientFrame> GroupRead = new GroupReadValidator();
    private static readonly IValidator<ClientFrame> Credit = new CreditValidator();
    private static readonly IValidator<ClientFrame> Acknowledge = new AcknowledgeValidator();
    private static readonly IValidator<ClientFrame> Refuse = new RefuseValidator();
    private static readonly IValidator<ClientFrame> Claim = new ClaimValidator();

    /// <summary>What is wrong with a frame, or null.</summary>
    public static string? Failure(ClientFrame frame)
    {
        IValidator<ClientFrame>? validator = frame.Type switch
        {
            FrameTypes.Subscribe or FrameTypes.ShardSubscribe => Subscribe,
            FrameTypes.PatternSubscribe => PatternSubscribe,
            FrameTypes.Unsubscribe or FrameTypes.ShardUnsubscribe => Unsubscribe,
            FrameTypes.Command => Command,
            FrameTypes.StreamRead => StreamRead,
            FrameTypes.GroupRead => GroupRead,
            FrameTypes.Credit => Credit,
            FrameTypes.Acknowledge => Acknowledge,
            FrameTypes.Refuse => Refuse,
            FrameTypes.Claim => Claim,
            _ => null,
        };
        return validator?.Validate(frame) is { IsValid: false } result ? result.Errors[0].ErrorMessage : null;
    }
}

internal abstract class FrameValidator : AbstractValidator<ClientFrame>
{
    protected FrameValidator()
    {
        ClassLevelCascadeMode = CascadeMode.Stop;
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(frame => frame.Id).NotEmpty().WithMessage("id must be a string")
            .MaximumLength(SocketLimits.IdCharactersMax)
            .WithMessage($"id must have {SocketLimits.IdCharactersMax} characters at most");
    }

    protected static bool AreNames(IReadOnlyList<string?>? names) =>
        names is { Count: > 0 and <= SocketLimits.ChannelsMax }
        && names.All(name => name is { Length: <= SocketLimits.ChannelCharactersMax });

    protected const string DataMessage = "data must be utf8, json or base64";

    protected static bool IsData(string? data) => data is null or "utf8" or "json" or "base64";

    protected static string NamesMessage(string field) =>
        $"{field} must be 1 to {SocketLimits.ChannelsMax} strings of {SocketLimits.ChannelCharactersMax} characters at most";
}

internal abstract class SubscriptionValidator : FrameValidator
{
    protected SubscriptionValidator()
    {
        RuleFor(frame => frame.Data).Must(IsData).WithMessage(DataMessage);
        RuleFor(frame => frame.OnSlow).Must(onSlow => onSlow is null or "close" or "drop-oldest" or "conflate")
            .WithMessage("onSlow must be close, drop-oldest or conflate");
    }
}

internal sealed class SubscribeValidator : SubscriptionValidator
{
    public SubscribeValidator() =>
        RuleFor(frame => frame.Channels).Must(AreNames).WithMessage(NamesMessage("channels"));
}

internal sealed class PatternSubscribeValidator : SubscriptionValidator
{
    public PatternSubscribeValidator() =>
        RuleFor(frame => frame.Patterns).Must(AreNames).WithMessage(NamesMessage("patterns"));
}

internal sealed class UnsubscribeValidator : FrameValidator
{
    public UnsubscribeValidator()
    {
        RuleFor(frame => frame.Channels).Must(AreNames).When(frame => frame.Channels is not null)
            .WithMessage(NamesMessage("channels"));
        RuleFor(frame => frame.Patterns).Must(AreNames).When(frame => frame.Patterns is not null)
            .WithMessage(NamesMessage("patterns"));
    }
}

internal sealed class CommandValidator : FrameValidator
{
    public CommandValidator()
    {
        RuleFor(frame => frame).Must(frame => frame.Args is null != frame.Batch is null)
            .WithMessage("a cmd frame has either args or batch");
        RuleFor(frame => frame.Args).Must(IsArray).WithMessage("args must be an array");
        RuleFor(frame => frame.Batch).Must(IsArray).WithMessage("batch must be an array of arrays");
    }

    private static bool IsArray(ReadOnlyMemory<byte>? json) => json is not { } value || value.Span[0] == '[';
}
