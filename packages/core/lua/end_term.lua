#!lua
-- Says that a term is over and its lock released: standbys contend at once.
-- KEYS  seq, events: (prefix), wakeup
-- ARGV  now or '', body of leader_lost
local seq, events, wakeup = unpack(KEYS)
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

publish('leader_lost', ARGV[2])
redis.call('PUBLISH', wakeup, 'leader')
