#!lua flags=allow-oom
-- Puts a run back into the outbox if neither its worker nor its queue has it.
-- USES  store, queue, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', epoch, run id, delivery id, executor, lease in ms
-- Returns  'over', 'alive' (it is not lost), 'queued' (its queue has its delivery) or 'reaped'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id, delivery, executor, leaseMs = ARGV[3], ARGV[4], ARGV[5], ARGV[6]

local run = read(id)
local lease = tonumber(get('leases', id) or nil)
if not run or run.delivery ~= delivery or (lease and lease > now and lease <= LAST_INSTANT) then return 'alive' end
if get('outbox', id) then return 'alive' end
if isQueued(executor, delivery) then
  if lease then renew(id, now + leaseMs) end
  return flush('queued')
end

if run.token ~= '-' then run.losses = run.losses + 1 end
putBack(id, run, now)
return flush('reaped')
