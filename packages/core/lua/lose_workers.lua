#!lua
-- Forgets workers that have been silent for too long.
-- KEYS  epoch, workers, workers:info, seq, events: (prefix)
-- ARGV  now or '', epoch, how long is too long in ms, members of worker_lost besides the worker
-- Returns  'over', or the ids of the lost ones
local epoch, workers, info, seq, events = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
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

local lost = redis.call('ZRANGE', workers, '-inf', now - ARGV[3], 'BYSCORE', 'LIMIT', 0, 100)
for _, id in ipairs(lost) do
  redis.call('ZREM', workers, id)
  redis.call('HDEL', info, id)
  publish('worker_lost', ARGV[4] .. ',"workerId":' .. cjson.encode(id))
end
return lost
