#!lua flags=allow-oom
-- Keeps jobs from being claimed for a moment, so that a client can change them even if they fire often; or releases them.
-- USES  store, types
-- ARGV  now or '', for how long in ms (0: releases them), then job ids
local held = key('held')
redis.call('ZREMRANGEBYSCORE', held, '-inf', now)
for i = 3, #ARGV do
  if ARGV[2] ~= '0' then
    redis.call('ZADD', held, now + ARGV[2], ARGV[i])
  elseif redis.call('ZREM', held, ARGV[i]) == 1 then
    redis.call('PUBLISH', channel('wakeup'), now)
  end
end
if redis.call('ZCARD', held) > 0 then redis.call('PEXPIRE', held, 60000) end
