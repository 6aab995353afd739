using Galley.Store.Observability;

namespace Galley.Store.Tests.Observability;

public sealed class RedactedArgumentsTests
{
    [Fact]
    public void What_is_hidden_is_what_was_named()
    {
        RedactedArguments redacted = default(RedactedArguments).With(1).With(40);
        Assert.Equal([1, 40], Enumerable.Range(0, 200).Where(redacted.Contains));
        Assert.DoesNotContain(true, Enumerable.Range(0, 200).Select(default(RedactedArguments).Contains));
    }

    [Fact]
    public void Beyond_the_62nd_one_hides_all()
    {
        RedactedArguments redacted = default(RedactedArguments).With(100);
        Assert.Equal(Enumerable.Range(63, 137), Enumerable.Range(0, 200).Where(redacted.Contains));
    }
}
