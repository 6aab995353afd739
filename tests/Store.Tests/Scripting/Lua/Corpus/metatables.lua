--- 2.8 arithmetic events
local mt = {} for _, e in ipairs{"add", "sub", "mul", "div", "mod", "pow"} do mt["__" .. e] = function(a, b) return e .. ":" .. (type(a) == "table" and "t" or tostring(a)) .. "," .. (type(b) == "table" and "t" or tostring(b)) end end
mt.__unm = function(a, b) return "unm " .. tostring(rawequal(a, b)) end
local t = setmetatable({}, mt)
print(t + 1, 1 + t, t - t, t * "x", "x" / t, t % nil, false ^ t, -t)
local x = 5 print(x + t, t + x, x .. "", 2 * t, t ^ 2)
print(pcall(function() return setmetatable({}, {}) + 1 end))
--- 2.8 concat
local t = setmetatable({}, {__concat = function(a, b) return (type(a) == "table" and "T" or a) .. "~" .. (type(b) == "table" and "T" or b) end})
print(t .. "x", "x" .. t, 1 .. t, t .. t, "a" .. "b" .. t, t .. "a" .. "b", "a" .. t .. "b", 1 .. 2 .. t .. 3 .. 4)
print(pcall(function() return nil .. t end)) print(pcall(function() return setmetatable({}, {}) .. "x" end))
local c = setmetatable({}, {__concat = function(a, b) return setmetatable({}, getmetatable(type(a) == "table" and a or b)) end}) print(type("a" .. c .. "b" .. "c"))
--- 2.8 equality
local eq = function(a, b) return true end local a, b, c = setmetatable({}, {__eq = eq}), setmetatable({}, {__eq = eq}), setmetatable({}, {__eq = function() return true end})
print(a == b, a ~= b, a == c, a == {}, a == 1, rawequal(a, b)) local n = 0 local d = setmetatable({}, {__eq = function() n = n + 1 return nil end}) local e = setmetatable({}, getmetatable(d)) print(d == e, d == d, n)
if a == b then print("equal") end if a ~= b then print("no") end local v = a == b and 1 or 2 print(v)
--- 2.8 order
local mt = {__lt = function(a, b) return a.v < b.v end} local function N(v) return setmetatable({v = v}, mt) end
print(N(1) < N(2), N(2) < N(1), N(1) > N(2), N(1) <= N(1), N(1) >= N(2), N(2) <= N(1)) mt.__le = function(a, b) return "le" end print(N(1) <= N(2), N(2) >= N(3))
print(pcall(function() return N(1) < 1 end)) print(pcall(function() return 1 < N(1) end)) print(pcall(function() return N(1) < setmetatable({}, {__lt = function() end}) end)) print(pcall(function() return N(1) < {} end))
local shared = function() return true end print(setmetatable({}, {__lt = shared}) < setmetatable({}, {__lt = shared}))
--- 2.8 index
local t = setmetatable({a = 1}, {__index = function(t, k) return k .. "?" end}) print(t.a, t.b, t[1], rawget(t, "b")) print(pcall(function() return t[{}] end))
local base = {x = 1, f = function() return "f" end} local d = setmetatable({}, {__index = setmetatable({y = 2}, {__index = base})}) print(d.x, d.y, d.z, d.f()) d.x = 5 print(d.x, base.x)
local e = setmetatable({}, {__index = 5}) print(pcall(function() return e.x end)) local g = setmetatable({}, {__index = "str"}) print(pcall(function() return g.nokey end))
local calls = 0 local h = setmetatable({}, {__index = function(...) calls = calls + select("#", ...) return 1, 2, 3 end}) print(h.x, calls) print((h.y))
--- 2.8 newindex
local log = {} local t = setmetatable({a = 1}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 5 t.b = 5 print(t.a, t.b) t.b = 7 print(t.b)
local store = {} local p = setmetatable({}, {__newindex = store}) p.x = 1 print(rawget(p, "x"), store.x) p.y = nil print(store.y)
print(pcall(function() setmetatable({}, {__newindex = 5}).x = 1 end)) local n = setmetatable({}, {__newindex = function(t, k) rawset(t, "last", k) end}) n[1] = 1 n[1.5] = 2 print(n.last) n[nil] = 1 print(n.last)
local q = setmetatable({1, 2}, {__newindex = function(t, k, v) rawset(t, k, "new") end}) q[1] = 10 q[3] = 30 print(q[1], q[3])
--- 2.8 call
local t = setmetatable({}, {__call = function(self, ...) return select("#", ...), ... end}) print(t(1, 2)) print(t()) print(pcall(t, "x")) print((t(9)))
print(pcall(function() setmetatable({}, {__call = 5})() end)) print(pcall(function() setmetatable({}, {__call = t})() end)) local o = {m = t} print(o.m(1)) print(o:m(1) == 2) print(select("#", t(t(1, 2))))
local w = setmetatable({}, {__call = function(self, a) return a end}) local r = {w(1), w(2)} print(#r, w{5}[1], w"s")
--- 2.8 methods and inheritance
local Account = {} Account.__index = Account function Account.new(b) return setmetatable({balance = b}, Account) end function Account:deposit(v) self.balance = self.balance + v return self end function Account:get() return self.balance end
local a = Account.new(10) print(a:deposit(5):get(), a.nothing) local Special = setmetatable({}, {__index = Account}) Special.__index = Special function Special:get() return "special " .. Account.get(self) end local s = setmetatable({balance = 1}, Special) print(s:deposit(2):get())
print(pcall(function() return a:nomethod() end)) print(pcall(function() return Account.new() end)) print(pcall(function() return Account.new():deposit(1) end)) print(pcall(function() local n n:x() end)) print(pcall(function() return a.b.c:d() end))
--- 2.8 setmetatable and getmetatable
print(getmetatable({}), getmetatable(1), getmetatable(nil), getmetatable(print)) local mt = {} local t = setmetatable({}, mt) print(getmetatable(t) == mt, setmetatable(t, nil) == t, getmetatable(t))
mt.__metatable = "locked" setmetatable(t, mt) print(getmetatable(t)) print(pcall(setmetatable, t, {})) mt.__metatable = false print(getmetatable(t)) print(pcall(setmetatable, t, {}))
print(pcall(setmetatable, {})) print(pcall(setmetatable, {}, 1)) print(pcall(setmetatable, 1, {})) print(pcall(setmetatable, nil)) print(pcall(getmetatable))
--- 2.8 a handler may come and go
local mt = {} local t = setmetatable({}, mt) print(t.x) mt.__index = function() return 1 end print(t.x) mt.__index = nil print(t.x) mt.__index = {x = 2} print(t.x) rawset(mt, "__index", nil) print(t.x) rawset(mt, "__index", {x = 3}) print(t.x)
print(pcall(function() return t + 1 end)) mt.__add = function() return "sum" end print(t + 1) print(pcall(function() return t() end)) mt.__call = function() return "call" end print(t()) mt["__" .. "add"] = nil print(pcall(function() return t + 1 end))
--- 2.8 tostring
print(tostring(setmetatable({}, {__tostring = function() return "T!" end}))) print(pcall(tostring, setmetatable({}, {__tostring = function() error("no", 0) end}))) print(setmetatable({}, {__tostring = function() return "P!" end})) print(pcall(print, setmetatable({}, {__tostring = function() return 1 end}))) print(pcall(tostring, setmetatable({}, {__tostring = 1})))
print(tostring(nil), tostring(true), tostring(1.50), tostring("x"), tostring(-0.0), tostring(1e300 * 1e10))
