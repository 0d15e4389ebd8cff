#!lua flags=no-writes
-- Finds runs that may be lost: those with overdue leases, and some of the others that were delivered or are nowhere. The page that begins the
-- ledger also shows whether more live runs are counted than there are, because another program removed some.
-- USES  store, commands, page, foreign, record, run
-- ARGV  now or '', limit, cursor of HSCAN
-- Returns  the next cursor, 1 if too many are counted, else 0; then for each run: id, delivery id ('-': it is nowhere), executor, both '' if
--          its record cannot be read. Runs that a newer release wrote are left out
local next, batch = unpack(redis.call('HSCAN', key('runs'), ARGV[3], 'COUNT', ARGV[2]))

-- Compares job by job if the page is the whole ledger. If it is not, compares how many runs are counted with how many there are at all.
local function isMiscounted()
  local counts = ARGV[3] == '0' and redis.call('HGETALL', key('instances')) or {}
  local isWhole, counted, live = next == '0', 0, {}
  for i = 1, #batch, 2 do
    local run = decode(batch[i + 1])
    if isNewer(batch[i + 1]) then isWhole = false end
    if run and not isWaiting(batch[i], run) then live[run.job] = (live[run.job] or 0) + 1 end
  end
  for i = 1, #counts, 2 do
    local count = tonumber(counts[i + 1]) or 0
    if isWhole and count > (live[counts[i]] or 0) then return true end
    counted = counted + count
  end
  return counted > redis.call('HLEN', key('runs'))
end

local reply = { next, isMiscounted() and 1 or 0 }
local function suspect(id, record)
  if isNewer(record) then return end
  local run = isText(id) and decode(record)
  if run and run.delivery == '-' and isWaiting(id, run) then return end
  reply[#reply + 1] = sentId(id)
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
