--- 2.7 error and pcall
print(pcall(error)) print(pcall(error, nil)) print(pcall(error, "m")) print(pcall(error, "m", 0)) print(pcall(error, {1})) print(pcall(error, 42))
print(pcall(function() error("m") end)) print(pcall(function() error("m", 0) end)) print(pcall(function() error("m", 1) end)) print(pcall(function() error("m", 2) end)) print(pcall(function() error("m", 3) end))
print(pcall(function() error(nil) end)) print(pcall(function() error(true) end)) print(pcall(function() error(12) end)) print(pcall(function() error() end))
local t = {} print(select(2, pcall(error, t)) == t)
--- 2.7 lines of errors
print(pcall(function()

  error("third")
end))
print(pcall(function()
  local x
  = nil +
  1
end))
print(pcall(function()
  local t = {}
  t
  .x
  .y = 1
end))
print(pcall(function()
  nofunction(
    1,
    2
  )
end))
print(pcall(function()
  local a = "x"
    ..
    {}
end))
print(pcall(function() local a = {
  b = 1,
  c = nil + 1,
} end))
print(pcall(function()
  for i = 1, 2 do
    local x = i .. nil
  end
end))
print(pcall(function()
  if
    nil < 1
  then
  end
end))
print(pcall(function() return 1 +
  2 +
  nil end))
--- 2.7 nested pcall
print(pcall(pcall)) print(pcall(pcall, error, "x")) print(pcall(function() print(pcall(error, "in")) error("out", 0) end))
local ok, e = pcall(function() local ok, e = pcall(error, {code = 1}) error(e) end) print(ok, e.code)
print(pcall(function() local t = setmetatable({}, {__index = function() error("idx", 0) end}) return t.x end))
--- 2.7 xpcall
print(xpcall(function() return 1, 2 end, print)) print(xpcall(function() error("m", 0) end, function(m) return "handled " .. m end))
print(xpcall(error, function(m) return type(m) end)) print(pcall(xpcall)) print(pcall(xpcall, print)) print(xpcall(function() error("a") end, function(m) error("b") end))
print(xpcall(function() local x = nil + 1 end, function(m) return m, 2 end)) print(xpcall(nofunction, function(m) return m end))
local n = 0 print(xpcall(function() error("x", 0) end, function(m) n = n + 1 if n < 3 then error("again" .. n, 0) end return m .. "!" end))
print(xpcall(print, nil, 1))
--- 2.7 assert
print(pcall(assert)) print(pcall(assert, false)) print(pcall(assert, nil, "m")) print(assert(1, 2, 3)) print(pcall(assert, false, {})) print(pcall(assert, nil, 5)) print(pcall(function() assert(false) end)) print(pcall(function() assert(nil, "msg") end))
--- 2.7 stack overflow
local function f() return 1 + f() end print(pcall(f))
local function g() g() end print(pcall(g))
local t = setmetatable({}, {__index = function(t, k) return t[k .. "x"] end}) print(pcall(function() return t.a end))
local function h() return pcall(h) end print(select("#", h()) > 190)
local a = setmetatable({}, {}) getmetatable(a).__index = a print(pcall(function() return a.x end))
local b = setmetatable({}, {}) getmetatable(b).__newindex = b print(pcall(function() b.x = 1 end))
--- 2.7 deep nesting of code
local function nest(open, close, n) local s, e = "", "" for i = 1, n do s = s .. open e = e .. close end return s, e end
local s, e = nest("(", ")", 250) print(loadstring("x = " .. s .. "1" .. e))
s, e = nest("{", "}", 250) print(loadstring("x = " .. s .. e))
s, e = nest("do ", " end", 250) print(loadstring(s .. e))
s, e = nest("function f() ", " end", 250) print(loadstring(s .. e))
s = nest("- ", "", 250) print(loadstring("x = " .. s .. "1"))
s = nest("not ", "", 250) print(loadstring("x = " .. s .. "1"))
s = nest("a .. ", "", 250) print(loadstring("x = " .. s .. "a"))
s = nest("2 ^ ", "", 250) print(loadstring("x = " .. s .. "2"))
s = nest("a.", "", 5000) print(loadstring("x = " .. s .. "a") ~= nil)
s = nest("a + ", "", 5000) print(loadstring("x = " .. s .. "a") ~= nil)
s, e = nest("f(", ")", 250) print(loadstring(s .. e))
s, e = nest("if x then ", " end", 250) print(loadstring(s .. e))
s, e = nest("while x do ", " end", 150) print(loadstring(s .. e) ~= nil)
--- 2.7 expressions that are too complex
local s = "return f(" for i = 1, 260 do s = s .. "a," end print(loadstring(s .. "a)"))
s = "local x = {" for i = 1, 300 do s = s .. "a," end print(loadstring(s .. "a}") ~= nil)
s = "return " for i = 1, 260 do s = s .. "a," end print(loadstring(s .. "a"))
s = "a" for i = 1, 250 do s = s .. ",a" end print(loadstring(s .. " = 1"))
--- 2.7 names of functions in bad arguments
print(pcall(setmetatable, 1)) print(pcall(function() setmetatable(1) end)) print(pcall(function() local s = setmetatable s({}, 1) end)) print(pcall(function() local t = {s = setmetatable} t.s(1) end))
print(pcall(function() local t = {s = setmetatable} t:s(1) end)) print(pcall(function() local t = {setmetatable} t[1](1) end)) print(pcall(function() rawset({}) end)) print(pcall(function() rawget() end)) print(pcall(function() return rawget(1) end))
print(pcall(function() return (rawget(1)) end)) print(pcall(function() local x = {r = rawget} x:r() end)) print(pcall(function() local x = setmetatable({}, {__index = {r = ipairs}}) x.y = x.r(1) end))
print(pcall(function() local x = 5 local t = {n = next} t.n(x) end)) print(pcall(function() for k in next, 5 do end end)) print(pcall(function() for k in pairs(nil) do end end)) print(pcall(function() for k in ipairs() do end end))
print(pcall(function() tonumber() end)) print(pcall(function() tonumber("1", 99) end)) print(pcall(function() tonumber({}, 10) end)) print(pcall(function() select(0) end)) print(pcall(function() select("x") end)) print(pcall(function() select(-5, 1) end))
print(pcall(function() unpack() end)) print(pcall(function() unpack(1) end)) print(pcall(function() unpack({}, 1, 1e8) end)) print(pcall(function() unpack({}, "x") end)) print(pcall(function() collectgarbage("x") end))
print(pcall(function() coroutine.create(1) end)) print(pcall(function() coroutine.resume(1) end)) print(pcall(function() coroutine.status() end)) print(pcall(function() coroutine.wrap(print) end)) print(pcall(function() getfenv(-1) end)) print(pcall(function() getfenv(100) end)) print(pcall(function() setfenv(1) end)) print(pcall(function() setfenv("x", {}) end)) print(pcall(function() setfenv(print, {}) end))
print(pcall(function() loadstring() end)) print(pcall(function() load(1) end)) print(pcall(function() load(function() return {} end) end)) print(pcall(function() error("x", {}) end)) print(pcall(function() getmetatable() end)) print(pcall(function() type() end)) print(pcall(function() tostring() end)) print(pcall(function() pcall() end)) print(pcall(function() rawequal(1) end)) print(pcall(function() assert() end))
