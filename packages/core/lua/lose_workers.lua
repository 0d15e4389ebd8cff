#!lua flags=allow-oom
-- Forgets workers that have been silent for too long.
-- USES  store, page, aside, counters, bounded, publish
-- ARGV  now or '', epoch, how long is too long in ms, members of worker_lost besides the worker
-- Returns  'over', or the ids of the lost ones
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local lost = redis.call('ZRANGE', key('workers'), '-inf', now - ARGV[3], 'BYSCORE', 'LIMIT', 0, 100)
for _, id in ipairs(lost) do
  redis.call('ZREM', key('workers'), id)
  redis.call('HDEL', key('workers:info'), id)
  redis.call('HDEL', key('readers'), 'worker ' .. id)
  publish('worker_lost', ARGV[4] .. ',"workerId":' .. cjson.encode(id))
end
return flush(lost)
