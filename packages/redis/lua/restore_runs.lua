#!lua flags=allow-oom
-- Enters runs again that are owed and nowhere, because another program took them out of the outbox or of the waiting runs. Without run ids,
-- counts the live runs of all jobs again, and admits the waiting runs for which an instance is free.
-- USES  store, types, commands, page, foreign, order, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', epoch, then run ids
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local function isNowhere(id, run)
  return run.delivery == '-' and not get('outbox', id) and not isWaiting(id, run)
end

local strays = {}
for i = 3, #ARGV do
  local run = read(ARGV[i])
  if run and run.delivery == '-' then unlease(ARGV[i]) end
  if run and isNowhere(ARGV[i], run) then
    strays[ARGV[i]] = run
    removeState(ARGV[i])
  end
end
if ARGV[3] and not next(strays) then return flush('done') end

-- It is not known which of these runs were counted as live.
recount()
for i = 3, #ARGV do
  if strays[ARGV[i]] then enter(ARGV[i], strays[ARGV[i]], get('bodies', ARGV[i])) end
end
if not ARGV[3] then
  for _, job in ipairs(inOrder(redis.call('HKEYS', key('waiting')))) do admitWaiting(job) end
end
redis.call('PUBLISH', channel('wakeup'), now)
return flush('done')
