#!lua flags=allow-oom
-- Renews a worker's leases, and shows that it is alive and which formats it reads. A worker that is not known must join again: it was counted
-- as dead, or the store was emptied.
-- USES  store, readers, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', lease in ms, how long it counts as alive in ms, worker id, what it reports of itself, then for each run: id, token
-- Returns  '1' if the worker is known, '0' if it must join again; then for each run that needs it: 'refused' (the worker no longer holds it) or 'cancelled' (to be ended), its id
local leaseMs, aliveMs, worker, report = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local refused = showReader('worker ' .. worker, aliveMs)
if refused then return refused end

local isKnown = redis.call('ZSCORE', key('workers'), worker)
if isKnown then
  redis.call('ZADD', key('workers'), now, worker)
  redis.call('HSET', key('workers:info'), worker, report)
end
local ids, reply = {}, { isKnown and '1' or '0' }
for i = 6, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
fetch('runs', ids)
for i = 6, #ARGV, 2 do
  local state = get('runs', ARGV[i]) or ''
  local token, _, cancel = holderOf(state)
  local holds = token == ARGV[i + 1]
  if holds then renew(ARGV[i], now + leaseMs) end
  if not holds or cancel == 'c' then
    reply[#reply + 1] = holds and 'cancelled' or 'refused'
    reply[#reply + 1] = ARGV[i]
  end
end
return flush(reply)
