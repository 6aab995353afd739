--- a seed decides
math.randomseed(42) show(math.random(), math.random(100), math.random(-5, 5), math.random())
math.randomseed(0) show(math.random(), math.random(1000000), math.random())
math.randomseed(-1) show(math.random())
math.randomseed(2^31 + 5) show(math.random())
math.randomseed(1e300) show(math.random())
math.randomseed(1.9) show(math.random())
math.randomseed(7) local t = {} for i = 1, 20 do t[i] = math.random(1, 6) end show(table.concat(t, ''))
--- bounds of the interval
math.randomseed(3) show(math.random(1), math.random(1.5), math.random(2.9), math.random(5, 5), math.random(2^31 - 1), math.random(-2^31, 2^31 - 1))
? math.random(0)
? math.random(2, 1)
? math.random(2^31)
? math.random(1, 2^31)
--- wrong arguments
? math.random(1, 2, 3)
? math.random('x')
? math.random(nil)
? math.randomseed()
? math.randomseed('x')
--- a long run
math.randomseed(12345) local s = 0 for i = 1, 1000 do s = s + math.random(1000) end show(s)
--- shares
math.randomseed(99) show(math.random(), math.random(), math.random()) math.randomseed(99) show(math.random())
