#!lua
-- Takes runs out of the outbox that were queued, unless the ledger names another delivery by now.
-- KEYS  epoch, outbox, runs
-- ARGV  epoch, then for each run: id, delivery id
-- Returns  'over' or 'done'
local epoch, outbox, runs = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[1] then return 'over' end

for i = 2, #ARGV, 2 do
  local record = redis.call('HGET', runs, ARGV[i])
  if not record or record:match('^%S+') == ARGV[i + 1] then redis.call('ZREM', outbox, ARGV[i]) end
end
return 'done'
