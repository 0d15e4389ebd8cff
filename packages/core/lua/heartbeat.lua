#!lua flags=allow-oom
-- Renews a worker's leases, shows that it lives and what it reads.
-- USES  store, readers, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', lease in ms, for how long it is alive in ms, worker id, what it tells of itself, then for each run: id, token
-- Returns  for each run that needs it: 'refused' (it is not the worker's any more) or 'cancelled' (it is to be ended), its id
local refused = showReader('worker ' .. ARGV[4], ARGV[3])
if refused then return refused end

redis.call('ZADD', key('workers'), now, ARGV[4])
redis.call('HSET', key('workers:info'), ARGV[4], ARGV[5])
local ids, reply = {}, {}
for i = 6, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
fetch('runs', ids)
for i = 6, #ARGV, 2 do
  local state = get('runs', ARGV[i]) or ''
  local token, _, cancel = holderOf(state)
  local holds = token == ARGV[i + 1]
  if holds then renew(ARGV[i], now + ARGV[2]) end
  if not holds or cancel == 'c' then
    reply[#reply + 1] = holds and 'cancelled' or 'refused'
    reply[#reply + 1] = ARGV[i]
  end
end
return flush(reply)
