#!lua flags=allow-oom
-- Moves unreadable records of runs to quarantine, unchanged and with the reason. These records no longer show whose instances the runs took,
-- so all instances are counted again.
-- USES  store, types, commands, page, foreign, order, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', epoch, then for each: id as it was returned, why, body of job_quarantined
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local moved = {}
for at = 3, #ARGV, 3 do
  local id, why, body = meant(ARGV[at]), ARGV[at + 1], ARGV[at + 2]
  local record = get('runs', id)
  local isOwed = record or get('outbox', id) or get('leases', id)
  if isOwed and not isNewer(record) and not (isText(id) and decode(record)) then
    setAside(ARGV[at], { why = why, raw = record or cjson.null, body = get('bodies', id) or nil })
    drop(id)
    publish('job_quarantined', body)
    moved[id] = true
  end
end
if not next(moved) then return 'done' end

recount()
for _, job in ipairs(inOrder(redis.call('HKEYS', key('waiting')))) do
  if moved[get('waiting', job)] then unwait(job) end
  admitWaiting(job)
end
return flush('done')
