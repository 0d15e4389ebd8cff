#!lua flags=no-writes
-- Finds runs that may have been lost: overdue leases, and some of the others that were delivered.
-- KEYS  runs, leases, outbox
-- ARGV  now or '', limit, cursor of HSCAN
-- Returns  the next cursor, then for each run: id, delivery id, executor
local runs, leases, outbox = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local next, batch = unpack(redis.call('HSCAN', runs, ARGV[3], 'COUNT', ARGV[2]))
local reply = { next }
local function suspect(id, record)
  local delivery, executor = (record or ''):match('^(%S+) %S+ %d+ %d+ %d+ %S+ (%S+)')
  if not delivery or delivery == '-' then return end
  reply[#reply + 1] = id
  reply[#reply + 1] = delivery
  reply[#reply + 1] = executor
end

for _, id in ipairs(redis.call('ZRANGE', leases, '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  suspect(id, redis.call('HGET', runs, id))
end
for i = 1, #batch, 2 do
  local id = batch[i]
  if not redis.call('ZSCORE', leases, id) and not redis.call('ZSCORE', outbox, id) then suspect(id, batch[i + 1]) end
end
return reply
