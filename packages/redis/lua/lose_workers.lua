#!lua flags=allow-oom
-- Forgets workers that have been silent for too long.
-- USES  store, commands, page, aside, counters, bounded, publish, workers
-- ARGV  now or '', epoch, how long is too long in ms, members of worker_left other than the worker and the cause
-- Returns  'over', or the ids of the lost workers
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local lost = redis.call('ZRANGE', key('workers'), '-inf', now - ARGV[3], 'BYSCORE', 'LIMIT', 0, 100)
for _, id in ipairs(lost) do forgetWorker(id, ARGV[4], 'lost') end
return flush(lost)
