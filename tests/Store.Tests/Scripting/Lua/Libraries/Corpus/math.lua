--- rounding and remainders
? math.abs(-3.5), math.ceil(3.2), math.ceil(-3.2), math.floor(3.7), math.floor(-3.7), math.ceil(-0.5), math.floor(2^53)
? math.fmod(5, 3), math.fmod(-5, 3), math.fmod(5.5, -2), math.mod(5, -3), math.fmod(5, 1/0), math.fmod(0, 5), math.fmod(5, 0), math.fmod(1/0, 1)
? math.modf(3.7), math.modf(-3.7), math.modf(5), math.modf(0)
? math.modf(-0.5)
? math.modf(1/0)
? math.modf(-1/0)
? math.modf(0/0)
? math.max(1, 5, 3), math.min(1, 5, -3), math.max(2), math.max(1, '7'), math.max(1, 0/0)
? math.max()
? math.min('x')
? math.abs()
? math.floor({})
--- powers and logarithms
? math.sqrt(2), math.sqrt(-1), math.pow(2, 0.5), math.pow(2, -1), math.pow(0, 0), math.pow(-8, 1/3), math.exp(1), math.log(10), math.log(0), math.log(-1), math.log10(1000), math.log10(2), math.log(8, 2)
? math.frexp(8), math.frexp(0), math.frexp(-0.3), math.frexp(5e-324)
? math.frexp(1/0)
? math.frexp(0/0)
? math.ldexp(1, 10), math.ldexp(0.75, -1074), math.ldexp(1, 1023), math.ldexp(1, 1024), math.ldexp(1, -1075), math.ldexp(1.5, 2.9), math.ldexp(1, 1e300)
? math.pow(1)
? math.ldexp(1, 'x')
--- angles
? math.sin(1), math.cos(1), math.tan(1), math.asin(1), math.acos(0), math.atan(1), math.atan2(-1, -1), math.atan2(0, -1)
? math.sinh(1), math.cosh(1), math.tanh(1), math.deg(1), math.rad(1), math.asin(2), math.pi, math.huge, -math.huge
? math.sin(1e10), math.cos(1e22), math.tan(-3), math.deg(math.pi), math.rad(180)
? math.atan2(1)
? math.sin('x')
--- limits
? 2^1023 * 2, -2^1023 * 2, 5e-324 / 2, 1/0 - 1/0 ~= 1/0 - 1/0
? math.floor(1e300), math.ceil(1e-300), math.floor(-1e-300), math.abs(-0)
--- a series
local s = 0 for i = 1, 100 do s = s + math.sin(i) * math.exp(-i / 10) + math.sqrt(i) - math.floor(math.sqrt(i)) end show(s)
local x = 2 for _ = 1, 20 do x = x - (x * x - 2) / (2 * x) end show(x, x == math.sqrt(2))
