using Galley.Api.PubSub;

namespace Galley.Api.Events;

/// <summary>How what a stream's session hears is written as events.</summary>
internal interface IEventForm
{
    /// <summary>What opens the stream.</summary>
    /// <param name="confirmation">The engine's reply to the command that listens, which is no error.</param>
    byte[] OpeningOf(ReadOnlyMemory<byte> confirmation);

    /// <summary>A message as an event; all who want it in this form share the array.</summary>
    byte[] EventOf(SharedMessage message);
}
