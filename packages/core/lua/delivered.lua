#!lua flags=allow-oom
-- Takes runs out of the outbox that were queued, unless the ledger names another delivery by now.
-- USES  store
-- ARGV  now or '', epoch, then for each run: id, delivery id
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

for i = 3, #ARGV, 2 do
  local record = redis.call('HGET', key('runs'), ARGV[i])
  if not record or record:match('^%S+') == ARGV[i + 1] then redis.call('ZREM', key('outbox'), ARGV[i]) end
end
return 'done'
