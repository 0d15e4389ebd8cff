#!lua
-- Puts a run back into the outbox that nobody will run: neither its worker, nor its queue.
-- KEYS  epoch, runs, leases, outbox, the queue's own record of the delivery
-- ARGV  now or '', epoch, run id, delivery id, lease in ms
-- Returns  'over', 'alive' (not lost after all), 'queued' (its queue will see to it) or 'reaped'
local epoch, runs, leases, outbox, queued = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
local id = ARGV[3]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local delivery, token, starts, losses, rest = (redis.call('HGET', runs, id) or ''):match('^(%S+) (%S+) (%d+) (%d+)(.*)$')
local lease = redis.call('ZSCORE', leases, id)
if delivery ~= ARGV[4] or (lease and tonumber(lease) > now) or redis.call('ZSCORE', outbox, id) then return 'alive' end
if redis.call('EXISTS', queued) == 1 and not redis.call('HGET', queued, 'finishedOn') then
  if lease then redis.call('ZADD', leases, now + ARGV[5], id) end
  return 'queued'
end

if token ~= '-' then losses = losses + 1 end
redis.call('HSET', runs, id, '- - ' .. starts .. ' ' .. losses .. rest)
redis.call('ZREM', leases, id)
redis.call('ZADD', outbox, now, id)
return 'reaped'
