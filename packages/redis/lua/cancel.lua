#!lua flags=allow-oom
-- Cancels runs in any state: waiting, in the outbox, queued or running.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', id of this call, further members of its events (they name the caller), then run ids
-- Returns  for each: 'cancelled', 'cancelling' (its worker was notified) or 'unknown'
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return cjson.decode(answered) end

local reply, isAny = {}, false
for i = 4, #ARGV do
  local run = read(ARGV[i])
  reply[#reply + 1] = run and cancel(ARGV[i], run, ARGV[3]) or 'unknown'
  isAny = isAny or run
end
if isAny then redis.call('SET', op, cjson.encode(reply), 'PX', 60000) end
-- A new store holds no runs. It stays new: the format that this call has written is removed.
if isNew then redis.call('DEL', key('format')) end
return flush(reply)
