--- 2.1 names and reserved words
local and_ , _x, x1, _1 = 1, 2, 3, 4
print(and_, _x, x1, _1)
print(loadstring("local end = 1"))
print(loadstring("nil = 1"))
print(loadstring("local 1x = 2"))
print(loadstring("x-y = 1"))
--- 2.1 strings and escapes
print("a\tb\\n\"'", 'it\'s "x"', "\65\066\0067", "line\
next", "tab\9end")
print(#"\0\0a", #"a\0b", "\a\b\f\v" == "\7\8\12\11")
print("\q\w", '\z')
print(loadstring([[x = "\256"]]))
print(loadstring([[x = "\999"]]))
print(loadstring("x = 'a\nb'"))
print(loadstring("x = 'ab"))
print(loadstring("x = \"a\\"))
--- 2.1 long brackets
print([[a]], [==[b]]c]=]d]==], #[[

x]])
print([[
first newline is skipped]])
print([=[one ]] two ]==] three]=])
print(loadstring("x = [[a"))
print(loadstring("x = [==[a]]"))
print(loadstring("x = [=a"))
print(loadstring("x = [[a [[b]] c]]"))
print(#[[a]] + #[===[]===])
--- 2.1 comments
print(1) -- a comment
--[[ a long
comment ]] print(2)
--[==[ another ]] one
]==] print(3)
---[[ not a long one
print(4)
--]]
print(loadstring("--[[ never ends"))
print(loadstring("--[=[ never ends ]]"))
print(loadstring("-- ends with the file") ~= nil)
--- 2.1 numbers
print(3, 3.0, 3.1416, 314.16e-2, 0.31416E1, 0xff, 0x56, 0Xa, .5, 5., 1e+2, 1E-2)
print(1e308 * 10, -1e308 * 10, 1e15, 1e14, 123456789012345678, 0.1, 1/3, 100, 1e100)
print(loadstring("x = 3x"))
print(loadstring("x = 1..2"))
print(loadstring("x = 1e"))
print(loadstring("x = 0x"))
print(loadstring("x = 0xg"))
print(loadstring("x = 1.2.3"))
print(loadstring("x = 12_3"))
--- 2.1 odd characters
print(loadstring("x = @"))
print(loadstring("x = 1 ! 2"))
print(loadstring("x ~ 1"))
print(loadstring("x = \1"))
print(loadstring("x = \127"))
print(loadstring("x = \200"))
print(loadstring("x = a.b:c"))
print(loadstring("?"))
print(loadstring("#!shebang\nx = = 1"))
--- 2.1 token texts in errors
print(loadstring("x = 'abc' 'def'"))
print(loadstring("x = 1 2"))
print(loadstring("x = y z"))
print(loadstring("x = [[long]] [[er]]"))
print(loadstring("x = ... ..."))
print(loadstring("x = == 1"))
print(loadstring("x = <= 1"))
print(loadstring("x = >= 1"))
print(loadstring("x = ~= 1"))
print(loadstring("x = .. 1"))
print(loadstring("x = 'a\\65b' 'q'"))
print(loadstring("and"))
--- 2.1 lines are counted
print(loadstring("\n\n\nx = = 1"))
print(loadstring("\r\n\r\nx = = 1"))
print(loadstring("\n\rx = = 1"))
print(loadstring("x = [[\n\n\n]] = 1"))
print(loadstring("--[[\n\n]] x = = 1"))
print(loadstring("x = 'a\\\nb' = 1"))
--- 2.1 long strings in errors
print(loadstring("x = 1 [[\nabc]]"))
print(loadstring("x = 1 [==[\r\nabc\r\ndef]==]"))
print(loadstring("x = 1 [[abc]]"))
