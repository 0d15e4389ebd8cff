#!lua flags=allow-oom
-- Adds a job store to the known stores of its prefix. KEYS[1] is the set of them, on another shard than the store. A value there that is not
-- a set is moved away.
-- USES  store
-- ARGV  now or '', alias
-- Returns  the key to which the value was moved; nil: nothing was moved
local is = redis.call('TYPE', KEYS[1]).ok
local movedTo = '{' .. KEYS[1] .. '}:moved@' .. now
if is ~= 'set' and is ~= 'none' then redis.call('RENAME', KEYS[1], movedTo) end
redis.call('SADD', KEYS[1], ARGV[2])
return is ~= 'set' and is ~= 'none' and movedTo
