#!lua
-- Makes a worker known.
-- KEYS  workers, workers:info, seq, events: (prefix)
-- ARGV  now or '', worker id, what it tells of itself, body of worker_joined
local workers, info, seq, events = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local function publish(kind, body)
  local number = redis.call('HINCRBY', seq, kind, 1)
  redis.call('PUBLISH', events .. kind,
    '{"v":1,"seq":' .. number .. ',"type":"' .. kind .. '","at":' .. now .. ',' .. body .. '}')
end

if redis.call('ZADD', workers, now, ARGV[2]) == 1 then publish('worker_joined', ARGV[4]) end
redis.call('HSET', info, ARGV[2], ARGV[3])
