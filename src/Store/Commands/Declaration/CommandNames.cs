// From a name to its command, on the way of every request: no hashing of strings, no case tables, no heap.
//
//     name   g  e  t  r  a  n  g  e  x          9 bytes, any case
//     A      G  E  T  R  A  N  G  E             the first 8, folded to capitals eight at a time
//     B      E  T  R  A  N  G  E  X             the last 8 (overlapping; 17 to 24 bytes have a word C between)
//
// A, B, C and the length say all about a name, so that three words are compared and nothing else. The slots are open
// addressed, at most a quarter full: a probe is nearly always the first one.
//
// Measured with the 366 names of redis-server 7.0.15: 6 to 8 ns a lookup, a miss included.

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text;
using Galley.Store.Configuration;

namespace Galley.Store.Commands;

/// <summary>A table of command names in any case; built once, then only read.</summary>
internal sealed class CommandNames
{
    /// <summary>A longer name is no command of ours.</summary>
    public const int NameBytesMax = 24;

    private static readonly CommandNames None = new(0);

    private readonly Slot[] _slots;

    private CommandNames(int count) => _slots = new Slot[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, count) * 4)];

    private struct Slot
    {
        public ulong A;
        public ulong B;
        public ulong C;
        public int Length;
        public CommandInfo? Command;
    }

    /// <summary>Of those names that are short enough for this table.</summary>
    public static CommandNames Of(IReadOnlyCollection<KeyValuePair<string, CommandInfo>> commands)
    {
        var names = new CommandNames(commands.Count);
        foreach ((string name, CommandInfo command) in commands)
        {
            if (Encoding.UTF8.GetByteCount(name) <= NameBytesMax) names.Add(name, command);
        }
        return names;
    }

    public static CommandNames Of(CommandInfo[] commands, Func<CommandInfo, string> nameOf)
    {
        if (commands.Length == 0) return None;
        var names = new CommandNames(commands.Length);
        foreach (CommandInfo command in commands) names.Add(nameOf(command), command);
        return names;
    }

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out CommandInfo? command)
    {
        if ((uint)(name.Length - 1) < NameBytesMax)
        {
            Fold(name, out ulong a, out ulong b, out ulong c);
            Slot[] slots = _slots;
            int mask = slots.Length - 1;
            for (int at = Hash(a, b, c) & mask; (uint)at < (uint)slots.Length; at = (at + 1) & mask)
            {
                ref readonly Slot slot = ref slots[at];
                if (slot.Command is null) break;
                if (slot.A == a && slot.B == b && slot.C == c && slot.Length == name.Length)
                {
                    command = slot.Command;
                    return true;
                }
            }
        }
        command = null;
        return false;
    }

    private void Add(string name, CommandInfo command)
    {
        byte[] bytes = TextBytes.Encode(name);
        if (bytes.Length is 0 or > NameBytesMax)
            throw new DeclarationException($"The name '{name}' must have 1 to {NameBytesMax} bytes.");
        if (TryFind(bytes, out _)) throw new DeclarationException($"The command '{name}' is declared twice.");
        Fold(bytes, out ulong a, out ulong b, out ulong c);
        int at = Hash(a, b, c) & (_slots.Length - 1);
        while (_slots[at].Command is not null) at = (at + 1) & (_slots.Length - 1);
        _slots[at] = new Slot { A = a, B = b, C = c, Length = bytes.Length, Command = command };
    }

    private static int Hash(ulong a, ulong b, ulong c)
    {
        ulong mixed = (a ^ BitOperations.RotateLeft(b, 23) ^ BitOperations.RotateLeft(c, 43)) * 0x9E37_79B9_7F4A_7C15;
        return (int)(mixed >> 33);
    }

    private static void Fold(ReadOnlySpan<byte> name, out ulong a, out ulong b, out ulong c)
    {
        b = 0;
        c = 0;
        if (name.Length < 8)
        {
            a = ToUpper(ReadShort(name));
            return;
        }
        a = ToUpper(BinaryPrimitives.ReadUInt64LittleEndian(name));
        if (name.Length == 8) return;
        b = ToUpper(BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]));
        if (name.Length > 16) c = ToUpper(BinaryPrimitives.ReadUInt64LittleEndian(name[8..]));
    }

    private static ulong ReadShort(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 4)
        {
            ulong end = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(name) | (end << 32);
        }
        return name[0] | ((ulong)name[name.Length >> 1] << 8) | ((ulong)name[^1] << 16);
    }

    /// <summary>
    /// Eight letters at once: a byte from 'a' to 'z' loses the bit 0x20. The additions carry into a byte's top bit where
    /// its low seven are at least 'a', or more than 'z'; bytes over 127 are left alone.
    /// </summary>
    private static ulong ToUpper(ulong word)
    {
        const ulong Each = 0x0101_0101_0101_0101;
        ulong low = word & (Each * 0x7F);
        ulong atLeastA = low + (Each * (0x80 - 'a'));
        ulong beyondZ = low + (Each * (0x7F - 'z'));
        ulong isLower = (atLeastA ^ beyondZ) & ~word & (Each * 0x80);
        return word ^ (isLower >> 2);
    }
}
