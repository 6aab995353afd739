--- 2.9 getfenv and setfenv
print(getfenv() == _G, getfenv(1) == _G, getfenv(0) == _G, getfenv(print) == _G) local function f() return x end x = "global" print(f()) setfenv(f, {x = "mine"}) print(f(), getfenv(f).x, x)
local env = setmetatable({}, {__index = _G}) local g = setfenv(function() y = 1 return y, print ~= nil end, env) print(g()) print(env.y, rawget(_G, "y"))
print(setfenv(f, _G) == f, f())
--- 2.9 closures inherit the environment
local function make() return function() return v end end setfenv(make, {v = "inner"}) print(make()()) local inner = make() setfenv(make, {v = "other"}) print(inner(), make()())
local env = {v = 1, print = print} setfenv(make, env) env.v = 2 print(make()())
--- 2.9 levels
local function f() setfenv(2, {print = print, tag = "changed"}) end local function g() f() return tag end print(g())
local function h() return getfenv(2) end local function k() local e = h() return e end setfenv(k, {name = "k"}) print(k().name)
print(pcall(getfenv, 50)) print(pcall(setfenv, 50, {})) print(pcall(getfenv, -1)) print(pcall(setfenv, -1, {})) print(pcall(setfenv, 1, 1)) print(pcall(setfenv, print, {})) print(pcall(setfenv, "x", {})) print(pcall(setfenv))
--- 2.9 the environment of a chunk
local f = loadstring("a = 1 return a, b") local env = {b = 2} setfenv(f, env) print(f()) print(env.a, a) print(pcall(setfenv(loadstring("return nofunction()"), {}))) print(pcall(setfenv(function() nofunction() end, {})))
--- 2.9 the environment of the thread
local old = getfenv(0) local env = setmetatable({z = "thread"}, {__index = old}) setfenv(0, env) print(z, loadstring("return z")(), getfenv(0) == env) setfenv(0, old) print(loadstring("return z")())
--- 2.9 environments with metatables
local env = setmetatable({}, {__index = function(t, k) return "got " .. k end, __newindex = function(t, k, v) rawset(t, k, v .. "!") end}) local f = setfenv(function() local a = name b = "set" return a, b end, env) print(f()) print(rawget(env, "b"))
print(pcall(setfenv(function() x.y = 1 end, setmetatable({}, {__index = function() return nil end})))) print(pcall(setfenv(function() x = 1 end, setmetatable({}, {__newindex = function() error("sealed", 0) end}))))
local function tail() return getfenv(2) end print(pcall(function() return tail() end))
--- 2.10 collectgarbage
print(type(collectgarbage("count")), collectgarbage("count") > 0, collectgarbage(), collectgarbage("collect")) print(pcall(collectgarbage, "nothing")) print(pcall(collectgarbage, {})) print(type(gcinfo()), collectgarbage("stop"), collectgarbage("restart"))
--- 2.10 memory comes back
local before = collectgarbage("count") do local t = {} for i = 1, 10000 do t[i] = {i} end print(collectgarbage("count") > before + 100) t = nil end collectgarbage() print(collectgarbage("count") < before + 100)
--- 2.10 garbage of strings
collectgarbage() local before = collectgarbage("count") for i = 1, 1000 do local s = ("x" .. i) .. "y" end collectgarbage() print(collectgarbage("count") < before + 50)
--- 2.10 weak tables are tables
local w = setmetatable({}, {__mode = "k"}) w[1] = 2 w.x = w print(w[1], w.x == w) local v = setmetatable({}, {__mode = "v"}) v[1] = 5 print(v[1]) print(getmetatable(v).__mode)
--- 2.10 gc metamethods are accepted
local t = setmetatable({}, {__gc = function() print("never") end}) t = nil collectgarbage() print("done")
