--- tobit
? bit.tobit(0xffffffff), bit.tobit(2^32), bit.tobit(2^31), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-0.5), bit.tobit(-1.5), bit.tobit(2^53), bit.tobit(2^51 + 0.5), bit.tobit(2147483648.5), bit.tobit(-2147483649)
? bit.tobit(1e15), bit.tobit(1e20), bit.tobit(-1e20), bit.tobit(1e300), bit.tobit(2^60 + 2^20), bit.tobit(0/0), bit.tobit(1/0), bit.tobit(-1/0), bit.tobit('10'), bit.tobit('0x10'), bit.tobit(1, 2, 3)
? bit.tobit('x')
? bit.tobit()
? bit.tobit(nil)
? bit.tobit(true)
--- tohex
? bit.tohex(1), bit.tohex(-1), bit.tohex(0xdeadbeef, 4), bit.tohex(0xdeadbeef, -4), bit.tohex(0xdeadbeef, 0), bit.tohex(255, 10), bit.tohex(255, -10), bit.tohex(255, -8), bit.tohex(1, -2147483648), bit.tohex(1, 2^31), bit.tohex(171, 3)
? bit.tohex(1, 'x')
? bit.tohex(1, nil)
? bit.tohex()
--- and, or, xor, not
? bit.bnot(0), bit.bnot(-1), bit.bnot(1.7), bit.band(7, 3, 2), bit.bor(1, 2, 4, 8), bit.bxor(7, 3, 1), bit.band(1), bit.bxor(0xffffffff, 1)
? bit.band()
? bit.bor()
? bit.bxor()
? bit.band(1, nil)
? bit.band(1, {})
? bit.bnot()
--- shifts and rotations
? bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(1, 33), bit.lshift(1, -1), bit.rshift(-1, 28), bit.arshift(-16, 2), bit.rshift(1, 0.5), bit.rshift(-1, 0), bit.arshift(-1, 31)
? bit.rol(0x12345678, 4), bit.ror(0x12345678, 4), bit.rol(1, -1), bit.rol(1, 32), bit.ror(1, 33), bit.bswap(0x12345678), bit.bswap(-1)
? bit.lshift(1)
? bit.lshift()
? bit.ror(1, nil)
? bit.bswap()
--- a checksum
local function crc32(s) local crc = -1 for i = 1, #s do crc = bit.bxor(crc, s:byte(i)) for _ = 1, 8 do local mask = -bit.band(crc, 1) crc = bit.bxor(bit.rshift(crc, 1), bit.band(0xedb88320, mask)) end end return bit.tohex(bit.bnot(crc)) end show(crc32('123456789'), crc32(''), crc32('The quick brown fox jumps over the lazy dog'))
--- a hash
local h = 5381 for i = 1, 100 do h = bit.bxor(bit.lshift(h, 5) + h, i * 7919) end show(h, bit.tohex(h))
