using System.Text;
using FluentValidation;
using Galley.Store.Types;

namespace Galley.Api.WebSockets;

/// <summary>What frames about readers of streams have in common.</summary>
internal abstract class ReaderFrameValidator : FrameValidator
{
    protected static readonly string CreditMessage = $"credit must be a whole number from 1 to {SocketLimits.CreditMax}";
    protected static readonly string DelayMessage = $"must be a whole number of milliseconds, {SocketLimits.DelayMsMax} at most";

    protected static bool IsName(string? name) => name is { Length: > 0 and <= SocketLimits.ChannelCharactersMax };

    protected static string NameMessage(string field) => $"{field} must be a string of 1 to {SocketLimits.ChannelCharactersMax} characters";

    protected static bool IsEntryId(string? text) =>
        text is { Length: > 0 and <= StreamId.TextBytesMax } && StreamId.TryParse(Encoding.UTF8.GetBytes(text), 0, out _);

    protected static bool IsCredit(long? credit) => credit is null or (> 0 and <= SocketLimits.CreditMax);

    protected static bool IsDelay(long? delayMs) => delayMs is null or (>= 0 and <= SocketLimits.DelayMsMax);
}

internal sealed class StreamReadValidator : ReaderFrameValidator
{
    public StreamReadValidator()
    {
        RuleFor(frame => frame.Streams)
            .Must(streams => streams is { Count: > 0 and <= SocketLimits.StreamsMax } && streams.All(pair => IsName(pair.Key)))
            .WithMessage($"streams must be an object of 1 to {SocketLimits.StreamsMax} keys, each of 1 to {SocketLimits.ChannelCharactersMax} characters");
        RuleFor(frame => frame.Streams).Must(streams => streams!.DistinctBy(pair => pair.Key).Count() == streams!.Count)
            .WithMessage("streams has a key twice");
        RuleFor(frame => frame.Streams).Must(streams => streams!.All(pair => pair.Value == "$" || IsEntryId(pair.Value)))
            .WithMessage("a stream is read behind $, 0 or the identifier of an entry");
        RuleFor(frame => frame.Credit).Must(IsCredit).WithMessage(CreditMessage);
        RuleFor(frame => frame.OnGap).Must(onGap => onGap is null or "error" or "skip").WithMessage("onGap must be error or skip");
        RuleFor(frame => frame.Data).Must(IsData).WithMessage(DataMessage);
    }
}

internal sealed class GroupReadValidator : ReaderFrameValidator
{
    public GroupReadValidator()
    {
        RuleFor(frame => frame.Stream).Must(IsName).WithMessage(NameMessage("stream"));
        RuleFor(frame => frame.Group).Must(IsName).WithMessage(NameMessage("group"));
        RuleFor(frame => frame.Consumer).Must(IsName).WithMessage(NameMessage("consumer"));
        RuleFor(frame => frame.Start).Must(start => start is null or "pending" or "new").WithMessage("start must be pending or new");
        RuleFor(frame => frame.Credit).Must(IsCredit).WithMessage(CreditMessage);
        RuleFor(frame => frame.CreateAt).Must(at => at is null or "$" || IsEntryId(at))
            .WithMessage("create must be an object, whose at is $, 0 or the identifier of an entry");
        RuleFor(frame => frame.ClaimIdleMs).Must(idleMs => idleMs != 0 && IsDelay(idleMs)).WithMessage($"claimIdle {DelayMessage} and not 0");
        RuleFor(frame => frame.Data).Must(IsData).WithMessage(DataMessage);
    }
}

internal sealed class CreditValidator : ReaderFrameValidator
{
    public CreditValidator() =>
        RuleFor(frame => frame.More).Must(more => more is not null && IsCredit(more)).WithMessage(CreditMessage.Replace("credit", "n", StringComparison.Ordinal));
}

internal abstract class EntriesValidator : ReaderFrameValidator
{
    protected EntriesValidator() =>
        RuleFor(frame => frame.EntryIds).Must(ids => ids is { Count: > 0 and <= SocketLimits.BatchMax } && ids.All(IsEntryId))
            .WithMessage($"ids must be 1 to {SocketLimits.BatchMax} identifiers of entries");
}

internal sealed class AcknowledgeValidator : EntriesValidator;

internal sealed class RefuseValidator : EntriesValidator
{
    public RefuseValidator() => RuleFor(frame => frame.DelayMs).Must(IsDelay).WithMessage($"delay {DelayMessage}");
}

internal sealed class ClaimValidator : ReaderFrameValidator
{
    public ClaimValidator()
    {
        RuleFor(frame => frame.MinIdleMs).Must(IsDelay).WithMessage($"minIdle {DelayMessage}");
        RuleFor(frame => frame.Start).Must(start => start is null || IsEntryId(start)).WithMessage("start must be the identifier of an entry");
        RuleFor(frame => frame.Count).Must(count => count is null or (> 0 and <= SocketLimits.BatchMax))
            .WithMessage($"count must be a whole number from 1 to {SocketLimits.BatchMax}");
    }
}
