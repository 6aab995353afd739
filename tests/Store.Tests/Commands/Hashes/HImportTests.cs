using Galley.Store.Commands.Hashes;

namespace Galley.Store.Tests.Commands.Hashes;

public sealed class HImportTests
{
    [Fact]
    public void A_hash_is_made_of_prepared_fields_whatever_was_there()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("SET k text EX 100");
        Assert.Equal("+OK", client.Run("HIMPORT PREPARE u name age"));
        fixture.TakeLog();
        Assert.Equal("+OK", client.Run("HIMPORT SET k u ada 36"));
        Assert.Equal("MULTI; DEL k; HSET k name ada age 36; EXEC", fixture.TakeLog());
        Assert.Equal("*4 $4 name $3 ada $3 age $2 36", client.Run("HGETALL k"));
        Assert.Equal(":-1", client.Run("TTL k"));
    }

    [Fact]
    public void A_list_is_its_clients_own_and_ends_with_RESET()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        client.Run("HIMPORT PREPARE u a");
        Assert.Equal("-ERR no such fieldset", fixture.Connect().Run("HIMPORT SET k u 1"));
        client.Run("RESET");
        Assert.Equal("-ERR no such fieldset", client.Run("HIMPORT SET k u 1"));
    }

    [Fact]
    public void Lists_of_one_client_are_bounded()
    {
        using var fixture = new EngineFixture();
        TestClient client = fixture.Connect();
        for (int i = 0; i < FieldSets.CountMax; i++) Assert.Equal("+OK", client.Run($"HIMPORT PREPARE u{i} a"));
        Assert.StartsWith("-ERR too many fieldsets", client.Run("HIMPORT PREPARE more a"));
        Assert.Equal("+OK", client.Run("HIMPORT PREPARE u0 b"));
        Assert.Equal(":1", client.Run("HIMPORT DISCARD u1"));
        Assert.StartsWith("-ERR too many fieldsets", client.Run("HIMPORT", "PREPARE", "long", new string('f', FieldSets.BytesMax)));
        Assert.Equal(":" + (FieldSets.CountMax - 1), client.Run("HIMPORT DISCARDALL"));
        Assert.Equal("+OK", client.Run("HIMPORT PREPARE more a"));
    }
}
