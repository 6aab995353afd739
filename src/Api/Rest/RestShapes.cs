namespace Galley.Api.Rest;

// The shapes of REST for its description; the door itself writes bytes.

/// <summary>A reply: a string, a number, null, or an array of them.</summary>
/// <param name="Result">What the command replied.</param>
internal sealed record RestResult(object? Result);

/// <summary>A refusal.</summary>
/// <param name="Error">The code first: <c>WRONGTYPE Operation against a key holding the wrong kind of value</c>.</param>
internal sealed record RestError(string Error);

/// <summary>One row of a batch: either member, never both.</summary>
/// <param name="Result">What the command replied.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record RestRow(object? Result, string? Error);
