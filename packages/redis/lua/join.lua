#!lua flags=allow-oom
-- Makes a worker known, and what it reads.
-- USES  store, readers, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', for how long it is alive in ms, worker id, what it reports of itself, body of worker_joined, how many executors it
--       serves, these, its tasks
local refused = showReader('worker ' .. ARGV[3], ARGV[2])
if refused then return refused end

if redis.call('ZADD', key('workers'), now, ARGV[3]) == 1 then publish('worker_joined', ARGV[5]) end
redis.call('HSET', key('workers:info'), ARGV[3], ARGV[4])
-- A process that looked at the workers before does not know of it.
redis.call('SET', key('absent:') .. 'joined', string.format('%.0f', now), 'PX', 3600000)
local executors = tonumber(ARGV[6])
for i = 7, 6 + executors do
  for j = 7 + executors, #ARGV do redis.call('DEL', key('absent:') .. ARGV[i] .. ' ' .. ARGV[j]) end
end
flush()
