using Galley.Store.Commands.Sorting;

namespace Galley.Store.Tests.Commands.Sorting;

public sealed class TextStoreTests
{
    [Fact]
    public void Texts_of_every_length_are_what_they_were()
    {
        using var store = new TextStore();
        var random = new Random(1);
        var texts = new List<(TextRef Ref, byte[] Bytes)>();
        foreach (int length in (int[])[0, 1, 4091, 4092, 4093, 0, 70_000, 1_048_572, 1_048_573, 3_000_000, 5, .. Enumerable.Range(0, 3000)])
        {
            byte[] text = new byte[length];
            random.NextBytes(text);
            texts.Add((store.Add(text), text));
        }
        Assert.All(texts, text => Assert.True(store[text.Ref].SequenceEqual(text.Bytes)));
        Assert.All(texts, text => Assert.False(text.Ref.IsNone));
        Assert.Equal(texts.Count, texts.Select(text => text.Ref).Distinct().Count());
    }

    [Fact]
    public void The_default_is_no_text() => Assert.True(default(TextRef).IsNone);
}
