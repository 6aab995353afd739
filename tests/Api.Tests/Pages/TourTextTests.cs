using Galley.Api.Pages;
using Xunit;

namespace Galley.Api.Tests.Pages;

public sealed class TourTextTests
{
    private const string Readme = """
        # A server

        ## A tour

        With `redis-cli`, as <you> like, at http://localhost:7379/swagger or http://localhost:7379/ later:

        ```
        redis-cli SET a "1"
        redis-cli GET a
        printf b | redis-cli -x SET c
        ```

        ```js
        const a = 1 < 2;
        done();
        ```

        ## Another heading

        Not this.
        """;

    [Fact]
    public void Text_lines_and_programs_are_told_apart()
    {
        string html = TourText.Render(Readme.ReplaceLineEndings("\n"), 6379);

        Assert.Equal("""
            <p>With <code>redis-cli</code>, as &lt;you&gt; like, at <a data-here href="./swagger">http://localhost:7379/swagger</a> or <a data-here href="./">http://localhost:7379/</a> later:</p>
            <div class="line"><pre tabindex="0"><code>redis-cli SET a &quot;1&quot;</code></pre></div>
            <div class="line"><pre tabindex="0"><code>redis-cli GET a</code></pre></div>
            <div class="line"><pre tabindex="0"><code>printf b | redis-cli -x SET c</code></pre></div>
            <div class="line"><pre tabindex="0"><code>const a = 1 &lt; 2;
            done();</code></pre></div>

            """.ReplaceLineEndings("\n"), html);
    }

    [Theory]
    [InlineData(7000, "redis-cli -p 7000 GET a")]
    [InlineData(7000, "printf b | redis-cli -p 7000 -x SET c")]
    [InlineData(0, "redis-cli GET a")]
    public void Its_lines_name_the_port_that_is_open(int port, string line) =>
        Assert.Contains($"<code>{line}</code>", TourText.Render(Readme.ReplaceLineEndings("\n"), port));

    [Fact]
    public void The_readme_travels_in_the_assembly_with_its_tour()
    {
        string html = TourText.Render(Page.Read("README.md"), 6379);

        Assert.Contains("redis-cli", html);
        Assert.Contains("new WebSocket", html);
    }
}
