#!lua flags=allow-oom
-- Makes a worker known, and which formats it reads.
-- USES  store, readers, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', how long it counts as alive in ms, worker id, what it reports of itself, body of worker_joined, how many executors it
--       serves, then their aliases, then its tasks
local aliveMs, worker, report, joined, executors = ARGV[2], ARGV[3], ARGV[4], ARGV[5], tonumber(ARGV[6])
local refused = showReader('worker ' .. worker, aliveMs)
if refused then return refused end

if redis.call('ZADD', key('workers'), now, worker) == 1 then publish('worker_joined', joined) end
redis.call('HSET', key('workers:info'), worker, report)
-- A process that read the list of workers before this instant does not know of this worker.
redis.call('SET', key('absent:') .. 'joined', string.format('%.0f', now), 'PX', 3600000)
local EXECUTORS = 7
local TASKS = EXECUTORS + executors
for i = EXECUTORS, TASKS - 1 do
  for j = TASKS, #ARGV do redis.call('DEL', key('absent:') .. ARGV[i] .. ' ' .. ARGV[j]) end
end
flush()
