#!lua flags=no-writes
-- Finds runs that may have been lost: overdue leases, and some of the others that were delivered, or are nowhere.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', limit, cursor of HSCAN
-- Returns  the next cursor, then for each run: id, delivery id ('-': it is nowhere), executor, both '' if its record cannot be
--          read. Runs that a newer release wrote are left out
local next, batch = unpack(redis.call('HSCAN', key('runs'), ARGV[3], 'COUNT', ARGV[2]))
local reply = { next }
local function suspect(id, record)
  if isNewer(record) then return end
  local run = isText(id) and decode(record)
  if run and run.delivery == '-' and isWaiting(id, run) then return end
  reply[#reply + 1] = told(id)
  reply[#reply + 1] = run and run.delivery or ''
  reply[#reply + 1] = run and run.executor or ''
end

for _, id in ipairs(redis.call('ZRANGE', key('leases'), '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  suspect(id, get('runs', id))
end
local beyond = beyondTime('leases')
for i = 1, #beyond, 2 do suspect(beyond[i], get('runs', beyond[i])) end
for i = 1, #batch, 2 do
  local id = batch[i]
  local isLeased = get('leases', id)
  if not isLeased and not get('outbox', id) then suspect(id, batch[i + 1]) end
end
return reply
