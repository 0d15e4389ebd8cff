#!lua flags=allow-oom
-- Cancels runs, wherever they are.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', id of this call, further members of its events (who asked for it), then run ids
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
-- A store that is new holds no run, and stays new.
if isNew then redis.call('DEL', key('format')) end
return flush(reply)
