#!lua
-- Begins a term, if the lock is still held under this value. Epochs only grow, even if a failover lost the last one.
-- KEYS  leader, epoch, seq, events: (prefix)
-- ARGV  now or '', value of the lock, body of leader_elected without the epoch
-- Returns  the epoch, or nil
local leader, epoch, seq, events = unpack(KEYS)
if redis.call('GET', leader) ~= ARGV[2] then return false end
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

local new = math.max(tonumber(redis.call('GET', epoch) or 0) + 1, now)
redis.call('SET', epoch, new)
publish('leader_elected', ARGV[3] .. ',"epoch":' .. new)
return new
