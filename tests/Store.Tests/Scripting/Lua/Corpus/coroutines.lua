--- 2.11 resume and yield
local co = coroutine.create(function(a, b) print("start", a, b) local c = coroutine.yield(a + b) print("got", c) local d, e = coroutine.yield(c * 2) return d, e, "end" end)
print(coroutine.resume(co, 1, 2)) print(coroutine.status(co)) print(coroutine.resume(co, 10)) print(coroutine.resume(co, "x", "y")) print(coroutine.status(co)) print(coroutine.resume(co)) print(coroutine.resume(co))
--- 2.11 from the manual
function foo(a) print("foo", a) return coroutine.yield(2 * a) end
co = coroutine.create(function(a, b) print("co-body", a, b) local r = foo(a + 1) print("co-body", r) local r, s = coroutine.yield(a + b, a - b) print("co-body", r, s) return b, "end" end)
print("main", coroutine.resume(co, 1, 10)) print("main", coroutine.resume(co, "r")) print("main", coroutine.resume(co, "x", "y")) print("main", coroutine.resume(co, "x", "y"))
--- 2.11 errors end a coroutine
local co = coroutine.create(function() error("oops") end) print(coroutine.resume(co)) print(coroutine.status(co), coroutine.resume(co)) co = coroutine.create(function() error({1}) end) local ok, e = coroutine.resume(co) print(ok, type(e), e[1]) co = coroutine.create(function() local x = nil + 1 end) print(coroutine.resume(co)) co = coroutine.create(function() coroutine.yield() nofunction() end) print(coroutine.resume(co)) print(coroutine.resume(co))
--- 2.11 wrap
local gen = coroutine.wrap(function(n) for i = 1, n do coroutine.yield(i) end return "last" end) print(gen(2), gen(), gen()) print(pcall(gen)) local bad = coroutine.wrap(function() error("in wrap") end) print(pcall(bad)) bad = coroutine.wrap(function() error({}) end) print(type(select(2, pcall(bad)))) bad = coroutine.wrap(function() error("zero", 0) end) print(pcall(function() bad() end)) print(pcall(function() return gen() end))
for v in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end) do print(v) end
--- 2.11 yield across a boundary
print(pcall(coroutine.yield)) print(pcall(function() coroutine.yield(1) end)) local co = coroutine.create(function() return pcall(coroutine.yield, 1) end) print(coroutine.resume(co)) co = coroutine.create(function() return pcall(function() coroutine.yield(1) end) end) print(coroutine.resume(co))
co = coroutine.create(function() local t = setmetatable({}, {__index = function() coroutine.yield(1) end}) return t.x end) print(coroutine.resume(co)) co = coroutine.create(function() for x in function() coroutine.yield(1) end do end end) print(coroutine.resume(co)) co = coroutine.create(function() for x in coroutine.yield do end end) print(coroutine.resume(co)) co = coroutine.create(function() return setmetatable({}, {__add = function() return coroutine.yield(1) end}) + 1 end) print(coroutine.resume(co)) co = coroutine.create(function() local t = setmetatable({}, {__call = function(self, x) return coroutine.yield(x) end}) return t(5) end) print(coroutine.resume(co)) print(coroutine.resume(co, 6))
--- 2.11 tail yield
local co = coroutine.create(function(...) return coroutine.yield(...) end) print(coroutine.resume(co, 1, 2, 3)) print(coroutine.resume(co, 4, 5)) print(coroutine.status(co)) co = coroutine.wrap(function() return (coroutine.yield()) end) co() print(co(7, 8))
co = coroutine.wrap(function() local a, b, c = coroutine.yield() return a, b, c, select("#", coroutine.yield()) end) co() co(1) print(co(1, 2, 3, 4))
--- 2.11 status
local co co = coroutine.create(function() print(coroutine.status(co)) local inner = coroutine.create(function() print(coroutine.status(co)) end) coroutine.resume(inner) print(coroutine.status(inner)) print(coroutine.resume(co)) end) print(coroutine.status(co)) coroutine.resume(co) print(coroutine.status(co)) print(pcall(coroutine.status, nil)) print(pcall(coroutine.status, 1)) co = coroutine.wrap(function() return pcall(co) end) print(co())
--- 2.11 running
print(coroutine.running()) local co = coroutine.create(function() return coroutine.running() end) local ok, r = coroutine.resume(co) print(ok, r == co, type(r))
--- 2.11 many at once
local cos = {} for i = 1, 50 do cos[i] = coroutine.wrap(function() local n = i while true do coroutine.yield(n) n = n + i end end) end local sum = 0 for r = 1, 10 do for i = 1, 50 do sum = sum + cos[i]() end end print(sum)
local function gen(n) return coroutine.wrap(function() for i = 2, n do coroutine.yield(i) end end) end local function filter(p, g) return coroutine.wrap(function() while true do local n = g() if n == nil then return end if n % p ~= 0 then coroutine.yield(n) end end end) end local x, out = gen(60), "" while true do local n = x() if n == nil then break end out = out .. n .. " " x = filter(n, x) end print(out)
--- 2.11 coroutines and closures
local function f() local n = 0 local co = coroutine.wrap(function() while true do n = n + 1 coroutine.yield(n) end end) return co, function() return n end end local co, get = f() co() co() print(get()) local a, b = f() a() print(b(), get())
local co = coroutine.wrap(function(x) local y = x local function g() y = y + 1 return y end coroutine.yield(g) y = y * 10 coroutine.yield(y) end) local g = co(1) print(g(), g()) print(co()) print(g())
--- 2.11 deep recursion within
local function walk(n) if n == 0 then coroutine.yield("leaf") return 1 end return walk(n - 1) + walk(n - 1) end local co = coroutine.create(function() return walk(5) end) local leaves = 0 while true do local ok, v = coroutine.resume(co) if v ~= "leaf" then print(ok, v, leaves) break end leaves = leaves + 1 end
local function rec(n) return n == 0 and coroutine.yield() or n + rec(n - 1) end co = coroutine.wrap(function() return rec(1000) end) co() print(co(5))
--- 2.11 overflow within
local co = coroutine.create(function() local function f() return 1 + f() end return f() end) print(coroutine.resume(co)) local function deep(n) local ok, e = coroutine.resume(coroutine.create(deep), n + 1) return ok, e end print(type(deep(1)))
--- 5.2 create
print(pcall(coroutine.create)) print(pcall(coroutine.create, 1)) print(pcall(coroutine.create, print)) print(pcall(coroutine.wrap, 1)) print(type(coroutine.create(function() end))) print(pcall(coroutine.resume)) print(pcall(coroutine.resume, function() end)) print(select("#", coroutine.resume(coroutine.create(function() end)))) print(coroutine.resume(coroutine.create(function(...) return select("#", ...) end), nil, nil))
--- 5.2 resume passes everything
local co = coroutine.create(function(...) local n = select("#", ...) while true do n = select("#", coroutine.yield(n)) end end) print(coroutine.resume(co, 1, nil)) print(coroutine.resume(co)) print(coroutine.resume(co, nil, nil, nil)) local t = {} for i = 1, 200 do t[i] = i end print(coroutine.resume(co, unpack(t)))
local co2 = coroutine.wrap(function() return unpack(t) end) print(select("#", co2()))
--- 5.2 wrap keeps its errors
local function level() error("lvl", 2) end local w = coroutine.wrap(function() level() end) print(pcall(w)) w = coroutine.wrap(function() return nil .. "x" end) print(pcall(w)) w = coroutine.wrap(function() coroutine.yield() end) w() w() print(pcall(w)) print(pcall(function() w() end))
--- 5.2 environments of coroutines
local env = setmetatable({v = "env"}, {__index = _G}) local co = coroutine.create(function() return getfenv(0) == _G, loadstring("return v")() end) v = "global" print(coroutine.resume(co)) co = coroutine.create(function() setfenv(0, env) return loadstring("return v")() end) print(coroutine.resume(co)) print(loadstring("return v")())
--- 5.2 not while it runs
local co co = coroutine.create(function() return coroutine.resume(co) end) print(coroutine.resume(co)) local w w = coroutine.wrap(function() return w() end) print(pcall(w)) print(coroutine.resume(coroutine.create(function() return coroutine.status(coroutine.running()) end)))
