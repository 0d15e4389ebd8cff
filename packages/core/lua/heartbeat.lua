#!lua flags=allow-oom
-- Renews a worker's leases and shows that it lives.
-- KEYS  runs, leases, workers, workers:info
-- ARGV  now or '', lease in ms, worker id, what it tells of itself, then for each run: id, token
-- Returns  ids of the runs that it holds no longer
local runs, leases, workers, info = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

redis.call('ZADD', workers, now, ARGV[3])
redis.call('HSET', info, ARGV[3], ARGV[4])
local refused = {}
for i = 5, #ARGV, 2 do
  local record = redis.call('HGET', runs, ARGV[i])
  if record and record:match('^%S+ (%S+)') == ARGV[i + 1] then
    redis.call('ZADD', leases, now + ARGV[2], ARGV[i])
  else
    refused[#refused + 1] = ARGV[i]
  end
end
return refused
