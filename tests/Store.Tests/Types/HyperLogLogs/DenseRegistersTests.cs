using Galley.Store.Types;

namespace Galley.Store.Tests.Types;

public sealed class DenseRegistersTests
{
    [Fact]
    public void A_register_is_six_bits_the_lowest_first()
    {
        byte[] registers = new byte[DenseRegisters.Bytes];
        DenseRegisters.Set(registers, 0, 0b000001);
        DenseRegisters.Set(registers, 1, 0b110011);
        DenseRegisters.Set(registers, 2, 0b101010);
        DenseRegisters.Set(registers, 3, 0b111111);
        Assert.Equal([0b11_000001, 0b1010_1100, 0b111111_10, 0], registers[..4]);
    }

    [Fact]
    public void Vectors_say_what_registers_looked_at_one_by_one_say()
    {
        var random = new Random(7);
        byte[] registers = new byte[DenseRegisters.Bytes];
        byte[] ranks = new byte[HyperLogLog.Registers], merged = new byte[HyperLogLog.Registers];
        for (int round = 0; round < 20; round++)
        {
            random.NextBytes(registers);
            DenseRegisters.Unpack(registers, ranks);
            for (int i = 0; i < ranks.Length; i++) Assert.Equal(DenseRegisters.Get(registers, i), ranks[i]);

            byte[] packed = new byte[DenseRegisters.Bytes];
            DenseRegisters.Pack(ranks, packed);
            Assert.Equal(registers, packed);

            byte[] expected = [.. merged.Zip(ranks, Math.Max)];
            DenseRegisters.MergeInto(merged, registers);
            Assert.Equal(expected, merged);
        }
    }

    [Fact]
    public void A_register_is_only_ever_raised()
    {
        byte[] registers = new byte[DenseRegisters.Bytes];
        foreach (int register in (int[])[0, 1, 8191, HyperLogLog.Registers - 1])
        {
            Assert.True(DenseRegisters.Raise(registers, new HyperLogLogElement(register, 5)));
            Assert.False(DenseRegisters.Raise(registers, new HyperLogLogElement(register, 5)));
            Assert.False(DenseRegisters.Raise(registers, new HyperLogLogElement(register, 4)));
            Assert.True(DenseRegisters.Raise(registers, new HyperLogLogElement(register, 51)));
            Assert.Equal(51, DenseRegisters.Get(registers, register));
        }
    }
}
