using System.Runtime.CompilerServices;

namespace Galley.Store.Scripting.Lua.Libraries;

/// <summary>Where a capture lies in the subject.</summary>
internal struct CaptureSpan
{
    /// <summary>The length of a capture whose closing parenthesis has not been met.</summary>
    internal const int Unfinished = -1;

    /// <summary>The length of <c>()</c>, which captures a position.</summary>
    internal const int Position = -2;

    /// <summary>Its first byte, from 0.</summary>
    internal int Start;

    /// <summary>Its bytes, or one of the two marks.</summary>
    internal int Length;
}

/// <summary>As many captures as a pattern may have.</summary>
[InlineArray(CountMax)]
internal struct CaptureSpans
{
    /// <summary>The most captures of a pattern.</summary>
    internal const int CountMax = 32;

    private CaptureSpan _first;
}
