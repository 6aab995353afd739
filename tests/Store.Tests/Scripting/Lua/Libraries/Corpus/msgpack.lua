--- pack numbers
? hex(cmsgpack.pack(0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, 2^53, 2^63, 2^64))
? hex(cmsgpack.pack(-1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, -2^53, -2^63, -2^64))
? hex(cmsgpack.pack(1.5, 0.1, 1e300, 1/0, -1/0, 3.4028234663852886e38, 2^70, 2^63 - 1024, 1e-40, 16777217, 123456.789))
--- pack texts and marks
? hex(cmsgpack.pack(true, false, nil, cjson.null, '', 'abc', function() end))
? hex(cmsgpack.pack(('a'):rep(31)):sub(1, 3)), hex(cmsgpack.pack(('a'):rep(32)):sub(1, 3)), hex(cmsgpack.pack(('a'):rep(255)):sub(1, 3)), hex(cmsgpack.pack(('a'):rep(256)):sub(1, 5)), hex(cmsgpack.pack(('a'):rep(65535)):sub(1, 5)), hex(cmsgpack.pack(('a'):rep(65536)):sub(1, 6))
? cmsgpack.pack()
--- pack tables
? hex(cmsgpack.pack({}, {1, 2, 3}, {a = 1}, {1, 2, nil, 4}, {[1] = 1, [3] = 3}, {[2] = 1}, {[0] = 1}, {[1.5] = 1}, {[-1] = 1}, {1, a = 2}, {[true] = false}, {['1'] = 1}, {function() end}))
? hex(cmsgpack.pack({{}, {a = {1.5, 'x', true, cjson.null}}}))
local t = {} for i = 1, 16 do t[i] = i end show(hex(cmsgpack.pack(t))) t[16] = nil show(hex(cmsgpack.pack(t)))
local t = {} for i = 1, 65536 do t[i] = 1 end show(hex(cmsgpack.pack(t):sub(1, 6))) t[65536] = nil show(hex(cmsgpack.pack(t):sub(1, 6)))
local t = {} for i = 1, 16 do t['a' .. i] = i end show(hex(cmsgpack.pack(t):sub(1, 3))) t.a16 = nil show(hex(cmsgpack.pack(t):sub(1, 1)))
local t = {} for i = 1, 65536 do t['a' .. i] = 1 end show(hex(cmsgpack.pack(t):sub(1, 5)))
local t = {} t[1] = t show(hex(cmsgpack.pack(t))) local u = {} u.a = u show(hex(cmsgpack.pack(u)))
local t = 1 for i = 1, 16 do t = {t} end show(hex(cmsgpack.pack(t))) t = {t} show(hex(cmsgpack.pack(t)))
--- unpack scalars
? cmsgpack.unpack('\1\2\3'), cmsgpack.unpack('\192'), cmsgpack.unpack('\194\195'), cmsgpack.unpack(''), cmsgpack.unpack(5), cmsgpack.unpack('\255\224\127')
? cmsgpack.unpack('\204\255\205\255\255\206\255\255\255\255\207\255\255\255\255\255\255\255\255'), cmsgpack.unpack('\207\0\0\0\0\0\0\1\0')
? cmsgpack.unpack('\208\255\209\255\254\210\255\255\255\253\211\128\255\255\255\255\255\255\255')
? cmsgpack.unpack('\202\63\192\0\0\203\63\241\153\153\153\153\153\154')
? cmsgpack.unpack('\163abc\217\3abc\218\0\3abc\219\0\0\0\3abc\160')
--- unpack tables
? cmsgpack.unpack('\147\1\2\3'), cmsgpack.unpack('\220\0\2\1\2'), cmsgpack.unpack('\221\0\0\0\2\1\2'), cmsgpack.unpack('\129\161a\1'), cmsgpack.unpack('\222\0\1\161a\1'), cmsgpack.unpack('\223\0\0\0\1\161a\1'), cmsgpack.unpack('\144\128'), cmsgpack.unpack('\147\1\192\3'), cmsgpack.unpack('\129\1\192')
local t = cmsgpack.unpack(cmsgpack.pack({1, {2, {x = {3}}}, 'y'})) show(t[1], t[2][1], t[2][2].x[1], t[3])
local t = cmsgpack.unpack(('\145'):rep(100) .. '\1') local n = 0 while type(t) == 'table' do t = t[1] n = n + 1 end show(n, t)
? cmsgpack.unpack('\129\192\1')
? cmsgpack.unpack('\129\203\127\248\0\0\0\0\0\0\1')
--- bad input
for _, s in ipairs({'\193', '\204', '\205\1', '\206\1', '\207\1', '\208', '\209', '\210', '\211', '\202\63', '\203\63', '\163ab', '\217', '\217\5abc', '\218\0', '\218\1\0a', '\219\0', '\219\255\255\255\255a', '\196\3abc', '\197\0\3abc', '\198\0\0\0\3abc', '\199\1\1a', '\200\1\1a', '\212\1a', '\216\1a', '\147\1\2', '\220', '\220\255\255', '\221\255\255\255\255', '\222', '\223\255\255\255\255', '\129\161a', '\1\2\193', '\1\163ab'}) do show(s, pcall(cmsgpack.unpack, s)) end
? cmsgpack.unpack()
? cmsgpack.unpack(nil)
? cmsgpack.unpack({})
? cmsgpack.unpack(('\145'):rep(100000))
--- limits of the stack
for _, n in ipairs({3999, 4000}) do show(pcall(cmsgpack.unpack, ('\145'):rep(n))) show(pcall(cmsgpack.unpack, ('\129\1'):rep(n))) end
for _, n in ipairs({7999, 8000}) do show(pcall(cmsgpack.unpack, ('\129'):rep(n))) show(pcall(function() return select('#', cmsgpack.unpack(('\1'):rep(n))) end)) end
for _, n in ipairs({7998, 7999}) do show(pcall(function() return select('#', cmsgpack.unpack_limit(('\1'):rep(n), n)) end)) end
--- unpack_one
? cmsgpack.unpack_one('\1\2\3'), cmsgpack.unpack_one('\1\2\3', 1), cmsgpack.unpack_one('\1\2\3', 2)
? cmsgpack.unpack_one('\1\2\3', 3)
? cmsgpack.unpack_one('\1\2\3', 4)
? cmsgpack.unpack_one('\1\2\3', -1)
? cmsgpack.unpack_one('')
? cmsgpack.unpack_one('', 1)
? cmsgpack.unpack_one('\145\1\193')
? cmsgpack.unpack_one('\163ab')
? cmsgpack.unpack_one('\163abc\1', 2^32)
? cmsgpack.unpack_one('\163abc\1', 2^31)
? cmsgpack.unpack_one('\163abc\1', 1.5)
? cmsgpack.unpack_one('\1', 'x')
? cmsgpack.unpack_one()
--- unpack_limit
? cmsgpack.unpack_limit('\1\2\3', 2)
? cmsgpack.unpack_limit('\1\2\3', 2, 1)
? cmsgpack.unpack_limit('\1\2\3', 3)
? cmsgpack.unpack_limit('\1\2\3', 0)
? cmsgpack.unpack_limit('\1\2\3', 0, 1)
? cmsgpack.unpack_limit('\1\2\3', 2^32 + 1)
? cmsgpack.unpack_limit('\1\2\3', -1)
? cmsgpack.unpack_limit('\1\2\3', 1, -1)
? cmsgpack.unpack_limit('\1\2\3', 1, 5)
? cmsgpack.unpack_limit('\1\2\3')
? cmsgpack.unpack_limit()
? cmsgpack.unpack_limit(nil, 1)
? cmsgpack.unpack_limit('\1\2\3', 2, 'x')
local all, at = {}, 0 repeat local n, v = cmsgpack.unpack_one('\1\163abc\147\1\2\3', at) all[#all + 1] = type(v) at = n until at == -1 show(table.concat(all, ','))
? cmsgpack._NAME, cmsgpack._VERSION, cmsgpack._COPYRIGHT, cmsgpack._DESCRIPTION
