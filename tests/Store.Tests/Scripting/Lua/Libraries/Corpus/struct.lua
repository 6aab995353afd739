--- pack integers
? hex(struct.pack('b', 1)), hex(struct.pack('<bBhHlLT', 1, 2, 3, 4, 5, 6, 7)), hex(struct.pack('>bBhHlLT', 1, 2, 3, 4, 5, 6, 7)), hex(struct.pack('iI', -1, 1)), hex(struct.pack('i1i2i3i4', 1, 2, 3, 4)), hex(struct.pack('>i3I5', -2, 258))
? hex(struct.pack('i8I8', -1, 1)), hex(struct.pack('i16', -2)), hex(struct.pack('>i16', 2)), hex(struct.pack('i32', 2)), hex(struct.pack('i0', 2))
? hex(struct.pack('b', 300)), hex(struct.pack('b', -129)), hex(struct.pack('B', -1)), hex(struct.pack('h', 70000)), hex(struct.pack('i', 2^40 + 7)), hex(struct.pack('h', -0.99)), hex(struct.pack('b', '5'))
? hex(struct.pack('lLLL', 2^63, 2^63, 2^64, -1)), hex(struct.pack('ll', 1e300, -1e300)), hex(struct.pack('lL', 0/0, 0/0)), hex(struct.pack('Ll', -5.7, -5.7))
--- pack doubles and texts
? hex(struct.pack('f', 1.5)), hex(struct.pack('>f', 1.5)), hex(struct.pack('d', 1.1)), hex(struct.pack('>d', 1.1)), hex(struct.pack('f', 1e300)), hex(struct.pack('d', 1/0)), hex(struct.pack('f', 0.1))
? hex(struct.pack('s', 'abc')), hex(struct.pack('c', 'abc')), hex(struct.pack('c2', 'abc')), hex(struct.pack('c0', 'abc')), hex(struct.pack('bc0', 3, 'abc')), hex(struct.pack('s', 5)), hex(struct.pack('sx s', 'a', 'b'))
--- alignment and order
? hex(struct.pack('!4bi', 1, 2)), hex(struct.pack('!bd', 1, 2)), hex(struct.pack('!2bi', 1, 2)), hex(struct.pack('!16bi16', 1, 2)), hex(struct.pack('!4bi3b', 1, 2, 3)), hex(struct.pack('!8bi6b', 1, 2, 3)), hex(struct.pack('!8bi7', 1, 2)), hex(struct.pack('!8bi12', 1, 2)), hex(struct.pack('i3!4i', 1, 2))
? hex(struct.pack('!4bc3', 2, 'abc')), hex(struct.pack('!4bsi', 2, 'ab', 7)), hex(struct.pack('!4xi', 2)), hex(struct.pack('<h>h h', 1, 2, 3)), hex(struct.pack(' ')), hex(struct.pack('')), hex(struct.pack('b\0b', 5, 6)), hex(struct.pack('b', 1, 2, 3))
--- refused formats
for _, f in ipairs({'=b', 'n', 'q', '*', 'i33', 'i99999999999', 'i2147483648', 'i2147483647', '!3b', '!0b', 'i-1', 'x5', 'b2', 'd8', 'X', '\255'}) do show(f, pcall(function() return struct.pack(f, 1) end)) end
? struct.pack()
? struct.pack('b')
? struct.pack('bb', 1)
? struct.pack('b', 'x')
? struct.pack('bbb', 1, nil, 3)
? struct.pack('s')
? struct.pack('c4', 'abc')
? struct.pack('c', '')
? struct.pack('c3', {})
--- unpack
? struct.unpack('b', '\255'), struct.unpack('B', '\255'), struct.unpack('>h', '\255\254'), struct.unpack('>H', '\255\254'), struct.unpack('bb', '\1\2')
? struct.unpack('i1i2i3i4i5', ('\255'):rep(15)), struct.unpack('I1I2I3I4I5', ('\255'):rep(15))
? struct.unpack('i8', '\255\255\255\255\255\255\255\127'), struct.unpack('I8', ('\255'):rep(8)), struct.unpack('l', ('\255'):rep(8)), struct.unpack('L', ('\255'):rep(8))
? struct.unpack('i16', '\1\2\0\0\0\0\0\0\255\255\255\255\255\255\255\255'), struct.unpack('i9', '\1\2\0\0\0\0\0\128\255'), struct.unpack('>I9', '\1\2\0\0\0\0\0\128\255'), struct.unpack('i0', 'a')
? struct.unpack('f', '\0\0\192\63'), struct.unpack('>d', '\63\241\153\153\153\153\153\154')
? struct.unpack('s', 'abc\0def'), struct.unpack('ss', 'ab\0c\0'), struct.unpack('c2', 'abc'), struct.unpack('c', 'abc'), struct.unpack('bc0', '\2abc'), struct.unpack('sc0', '2\0abc'), struct.unpack('bbc0', '\1\2abc'), struct.unpack('bc0', '\0abc'), struct.unpack('Lc0', ('\255'):rep(8) .. 'abc')
? struct.unpack('!4bi', '\1\0\0\0\2\0\0\0'), struct.unpack('!4bi', 'x\1\0\0\2\0\0\0', 2), struct.unpack('xb', '\1\2'), struct.unpack('b', 'abc', 2), struct.unpack('b', 'abc', 1.9), struct.unpack('', 'abc'), struct.unpack('', 'abc', 10), struct.unpack('', 'abc', -10), struct.unpack('b\0b', 'abc'), struct.unpack('b', 12)
--- data too short
for _, c in ipairs({{'b', ''}, {'bb', '\1'}, {'b', 'abc', 4}, {'b', 'abc', 5}, {'b', 'abc', -1}, {'b', 'abc', 2^31}, {'b', 'abc', 1e300}, {'i', 'a'}, {'d', 'a'}, {'x', ''}, {'c4', 'abc'}, {'bc0', '\5abc'}, {'bc0', '\255abc'}, {'lc0', ('\255'):rep(8) .. 'abc'}, {'!4bi', '\1\0\0\0\2\0\0'}, {'c2147483647', 'abc'}, {' ', 'abc', 10}, {'s', 'abc', 10}}) do show(c[1], pcall(struct.unpack, unpack(c))) end
? struct.unpack('b', 'abc', 0)
? struct.unpack('s', 'abc')
? struct.unpack('c0', 'abc')
? struct.unpack('bc0c0', '\1\2abc')
? struct.unpack('q', 'abc')
? struct.unpack('c2147483648', 'abc')
? struct.unpack()
? struct.unpack('b')
? struct.unpack('b', 'abc', 'x')
for _, n in ipairs({7997, 7998}) do show(pcall(function() return select('#', struct.unpack(('b'):rep(n), ('a'):rep(n))) end)) end
--- size
? struct.size('b'), struct.size('bh'), struct.size('!bh'), struct.size('!bdb'), struct.size('x'), struct.size('c5'), struct.size('i7'), struct.size('iIlLThdf'), struct.size('!4bi'), struct.size('!8bi16'), struct.size(' b b '), struct.size(''), struct.size('qQ7'), struct.size('c2147483647c2147483647'), struct.size('!1073741824xi')
? struct.size('s')
? struct.size('c0')
? struct.size('=')
? struct.size('i33')
? struct.size('!3i')
? struct.size('c2147483648')
? struct.size()
--- a record there and back
local r = struct.pack('>I4sHd', 7, 'ada', 36, 1.5) show(hex(r)) show(struct.unpack('>I4sHd', r))
