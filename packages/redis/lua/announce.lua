#!lua flags=allow-oom
-- Publishes an event that belongs to no change of this store.
-- USES  store, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', id of this call, event, its body
local op = key('op:') .. ARGV[2]
if redis.call('EXISTS', op) == 1 then return end

publish(ARGV[3], ARGV[4])
redis.call('SET', op, 'done', 'PX', 60000)
flush()
