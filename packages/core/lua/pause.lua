#!lua
-- Stops or starts all firing of a job store.
-- KEYS  paused, seq, events: (prefix), wakeup
-- ARGV  now or '', 'paused' or 'resumed', event and its body
-- Returns  1 if that changed anything, else 0
local paused, seq, events, wakeup = unpack(KEYS)
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

local changed
if ARGV[2] == 'paused' then
  changed = redis.call('SET', paused, '1', 'NX') and 1 or 0
else
  changed = redis.call('DEL', paused)
end
if changed == 1 then
  publish(ARGV[3], ARGV[4])
  redis.call('PUBLISH', wakeup, now)
end
return changed
