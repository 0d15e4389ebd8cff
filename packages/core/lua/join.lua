#!lua flags=allow-oom
-- Makes a worker known.
-- USES  store, page, aside, counters, publish
-- ARGV  now or '', worker id, what it tells of itself, body of worker_joined, how many executors it serves, these, its tasks
if redis.call('ZADD', key('workers'), now, ARGV[2]) == 1 then publish('worker_joined', ARGV[4]) end
redis.call('HSET', key('workers:info'), ARGV[2], ARGV[3])
local executors = tonumber(ARGV[5])
for i = 6, 5 + executors do
  for j = 6 + executors, #ARGV do redis.call('DEL', key('absent:') .. ARGV[i] .. ' ' .. ARGV[j]) end
end
flush()
