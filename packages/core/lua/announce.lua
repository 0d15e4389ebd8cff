#!lua
-- Publishes an event that goes with no change.
-- KEYS  seq, events: (prefix)
-- ARGV  now or '', event, its body
local seq, events = unpack(KEYS)
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

publish(ARGV[2], ARGV[3])
