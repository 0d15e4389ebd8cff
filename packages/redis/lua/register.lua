#!lua flags=allow-oom
-- Makes a job store known among those of its prefix: KEYS[1] is the set of them, of another shard than the store. What is there
-- and is not a set is moved away.
-- USES  store
-- ARGV  now or '', alias
-- Returns  the key to which it was moved; nil: there was nothing
local is = redis.call('TYPE', KEYS[1]).ok
local movedTo = '{' .. KEYS[1] .. '}:moved@' .. now
if is ~= 'set' and is ~= 'none' then redis.call('RENAME', KEYS[1], movedTo) end
redis.call('SADD', KEYS[1], ARGV[2])
return is ~= 'set' and is ~= 'none' and movedTo
