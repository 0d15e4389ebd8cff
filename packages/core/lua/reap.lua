#!lua flags=allow-oom
-- Puts a run back into the outbox that nobody will run: neither its worker, nor its queue.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', epoch, run id, delivery id, executor, lease in ms
-- Returns  'over', 'alive' (not lost after all), 'queued' (its queue will see to it) or 'reaped'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id, delivery, executor, leaseMs = ARGV[3], ARGV[4], ARGV[5], ARGV[6]

local run = read(id)
local lease = tonumber(get('leases', id) or nil)
if not run or run.delivery ~= delivery or (lease and lease > now and lease <= LAST_INSTANT) then return 'alive' end
if get('outbox', id) then return 'alive' end
-- BullMQ's own record of the delivery.
local queued = key('q:') .. executor .. ':' .. delivery
if redis.call('EXISTS', queued) == 1 and not redis.call('HGET', queued, 'finishedOn') then
  if lease then set('leases', id, now + leaseMs) end
  return flush('queued')
end

if run.token ~= '-' then run.losses = run.losses + 1 end
run.delivery, run.token = '-', '-'
write(id, run)
set('leases', id, false)
set('outbox', id, now)
return flush('reaped')
