--- 2.4.1 chunks
print(loadstring("return 1, 2")())
print(loadstring("return ...")(7, 8))
print(loadstring("local a = ... return a")(9))
print(select("#", loadstring("")()))
print(loadstring("return 1; 2"))
print(loadstring("return 1 x = 2"))
print(loadstring(";"))
print(loadstring("x = 1;; y = 2"))
--- 2.4.2 blocks
do local a = 1 do local a = 2 print(a) end print(a) end
do return print("returned") end
print("never")
--- 2.4.2 blocks need their end
print(loadstring("do"))
print(loadstring("do x = 1"))
print(loadstring("do\n\nx = 1"))
print(loadstring("end"))
print(loadstring("do end end"))
--- 2.4.3 multiple assignment
local a, b, c = 1, 2 print(a, b, c)
a, b = b, a print(a, b)
a, b, c = (function() return 1, 2, 3 end)() print(a, b, c)
a, b, c = 0, (function() return 1, 2, 3 end)() print(a, b, c)
a, b, c = (function() return 1, 2, 3 end)(), 10 print(a, b, c)
local t = {} t.x, t.y = 1, 2, 3 print(t.x, t.y)
local i = 1 i, t[i] = i + 1, 20 print(i, t[1], t[2])
local q = {1, 2} q[1], q[2], q = q[2], q[1], nil print(q)
--- 2.4.3 order of assignment
local log = {}
local t = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = k .. "=" .. v end})
t.a, t.b, t.c = 1, 2, 3 print(log[1], log[2], log[3])
local function f(x) log[#log + 1] = "f" .. x return {} end
f(1).x, f(2).y = f(3), f(4) print(log[4], log[5], log[6], log[7])
local a = {} local b = a a.x, a = 1, {} print(b.x, a.x)
local i, v = 3, {} i, v[i], v[i + 1] = 4, "three", "four" print(i, v[3], v[4], v[5])
--- 2.4.3 what cannot be assigned to
print(loadstring("f() = 1"))
print(loadstring("1 = x"))
print(loadstring("a, f() = 1, 2"))
print(loadstring("(a) = 1"))
print(loadstring("a.b:c() = 1"))
print(loadstring("x"))
print(loadstring("x.y"))
print(loadstring("x, y"))
print(loadstring("local x.y = 1"))
print(loadstring("'a' = 1"))
--- 2.4.4 while, repeat and if
local i = 0 while i < 3 do i = i + 1 end print(i)
repeat local j = i i = i - 1 until j == 1 print(i)
if i then print("0 is true") else print("no") end
if nil then print(1) elseif false then print(2) elseif "" then print(3) else print(4) end
while true do i = i + 1 if i > 5 then break end end print(i)
repeat local x = 1 if x then break end until x == 2
repeat local f = function() return i end i = i + 1 until f() > 8 print(i)
for i = 1, 2 do repeat local z = i; local g = function() return z end if i == 1 then break end until g() end
--- 2.4.4 control structures need their parts
print(loadstring("if x"))
print(loadstring("if x then"))
print(loadstring("if x then else"))
print(loadstring("if x then\nelse\n"))
print(loadstring("if x then elseif"))
print(loadstring("while x"))
print(loadstring("while x do"))
print(loadstring("repeat"))
print(loadstring("repeat\n x = 1"))
print(loadstring("if x else end"))
print(loadstring("break"))
print(loadstring("while x do break x = 1 end"))
print(loadstring("while true do local function f() break end end"))
print(loadstring("for i = 1, 2 do break end break"))
--- 2.4.5 numeric for
for i = 1, 3 do print(i) end for i = 3, 1, -1 do print(i) end for i = 1, 0 do print("never") end
for i = 1, 2, 0.5 do print(i) end for i = "1", "2" do print(i, type(i)) end
for i = 1, 3 do local j = i i = 10 print(j, i) end
for i = 5, 5 do print(i) end for i = 1, 3, 5 do print(i) end for i = 1e15, 1e15 + 2 do print(i) end
local n = 0 for i = 1, 0, 0 do n = n + 1 if n > 3 then break end end print(n)
for i = 0/0, 1 do print("nan") end for i = 1, 0/0 do print("nan") end
for i = 3, 1, -0.5 do n = n + 1 end print(n)
--- 2.4.5 numeric for wants numbers
print(pcall(function() for i = nil, 1 do end end))
print(pcall(function() for i = 1, nil do end end))
print(pcall(function() for i = 1, 2, nil do end end))
print(pcall(function() for i = "x", 2 do end end))
print(pcall(function() for i = {}, 2 do end end))
print(pcall(function() for i = 1, "y" do end end))
print(pcall(function() for i = 1, 2, "z" do end end))
--- 2.4.5 generic for
local function count(n, i) if i < n then return i + 1, i * i end end
for i, sq in count, 3, 0 do print(i, sq) end
for k, v in next, {10} do print(k, v) end
for a, b, c in (function() local n = 0 return function() n = n + 1 if n < 3 then return n, n * 2, n * 3 end end end)() do print(a, b, c) end
for i in function(s, c) if (c or 0) < 2 then return (c or 0) + 1 end end do print(i) end
local t = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 if c < 3 then return c, s end end})
for i, s in t, "state" do print(i, s) end
for x in (function() return nil end) do print("never") end
--- 2.4.5 generic for wants a function
print(pcall(function() for i in 1 do end end))
print(pcall(function() for i in nil do end end))
print(pcall(function() for i in nofunction() do end end))
print(pcall(function() for i in {} do end end))
print(pcall(function() local t = {} for i in t.x do end end))
print(loadstring("for"))
print(loadstring("for i"))
print(loadstring("for i = 1"))
print(loadstring("for i = 1, 2"))
print(loadstring("for i = 1, 2, 3, 4 do end"))
print(loadstring("for i, j = 1, 2 do end"))
print(loadstring("for i.x in y do end"))
print(loadstring("for i in x"))
print(loadstring("for 1 = 1, 2 do end"))
--- 2.4.5 closures of loops have variables of their own
local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end print(fs[1](), fs[1](), fs[2](), fs[3]())
fs = {} for k, v in next, {"a", "b"} do fs[k] = function() return k, v end end print(fs[1]()) print(fs[2]())
fs = {} local i = 1 while i <= 2 do local j = i fs[i] = function() j = j + 1 return j end i = i + 1 end print(fs[1](), fs[1](), fs[2]())
fs = {} i = 1 repeat local j = i fs[i] = function() return j end i = i + 1 until j == 2 print(fs[1](), fs[2]())
fs = {} for i = 1, 5 do local j = i if i == 3 then fs[1] = function() return j end break end end print(fs[1]())
--- 2.4.6 function calls as statements
print(loadstring("print 'x'")) print 'x' print "y" print [[z]] print {} == nil
local t = {f = function(self, x) return self, x end} print(t:f(1) == t, select(2, t:f(2)))
local s = {n = 0} function s:add(n) self.n = self.n + n return self end print(s:add(1):add(2):add(3).n)
print(loadstring("local f\nf\n(1)"))
print(loadstring("f(1)\n(2)"))
print(loadstring("f"))
--- 2.4.7 local declarations
local a = 1 local a = a + 1 print(a) local a, a = 5, 6 print(a)
local x, y = 1 print(x, y) local z print(z) local p, q = (function() return 1, 2 end)() print(p, q)
local function f(n) return n <= 1 and 1 or n * f(n - 1) end print(f(10))
local g = function(n) return n <= 1 and 1 or n * g(n - 1) end print(pcall(g, 3))
print(loadstring("local function f.x() end"))
print(loadstring("local"))
print(loadstring("local x ="))
print(loadstring("local x, = 1"))
--- 2.4.7 limits of local variables
local s = "local a" for i = 1, 199 do s = s .. ",a" .. i end print(loadstring(s) ~= nil) print(loadstring(s .. ",b"))
print(loadstring("local function f() " .. s .. ",b end"))
print(loadstring("\n\nfunction f()\n" .. s .. "\nlocal b end"))
local u = "local a0" for i = 1, 60 do u = u .. " local a" .. i end
local r = "return a0" for i = 1, 59 do r = r .. ",a" .. i end
print(loadstring(u .. " return function() " .. r .. " end") ~= nil)
print(loadstring(u .. " return function() " .. r .. ",a60 end"))
