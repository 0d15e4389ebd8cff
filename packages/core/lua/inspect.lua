#!lua flags=no-writes
-- Looks at a job store as a whole.
-- USES  store, foreign, record, run
-- ARGV  now or '', how many runs, and how many quarantined records, to tell of at most
-- Returns  now, for how many more ms the lock is held (below 0: by nobody), epoch (nil: none yet), 1 if paused, how many
--          there are of jobs, schedule, outbox, runs, leases, quarantine; first due instant, first instant in the outbox (nil
--          where there is none); how many workers, then for each: id, last sign of life, what it told; how many runs, then for
--          each: id, executor, label ('' where it cannot be read); then for each quarantined record: id, JSON without the record
local runs, quarantine = key('runs'), key('quarantine')
local reply =
  { now, redis.call('PTTL', key('leader')), redis.call('GET', key('epoch')), redis.call('EXISTS', key('paused')) }
local function tell(value) reply[#reply + 1] = value end
tell(redis.call('HLEN', key('jobs')))
tell(redis.call('ZCARD', key('schedule')))
tell(redis.call('ZCARD', key('outbox')))
tell(redis.call('HLEN', runs))
tell(redis.call('ZCARD', key('leases')))
tell(redis.call('HLEN', quarantine))
tell(redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2] or false)
tell(redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false)

local known = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES')
tell(#known / 2)
for i = 1, #known, 2 do
  tell(known[i])
  tell(known[i + 1])
  tell(redis.call('HGET', key('workers:info'), known[i]))
end
local sample = redis.call('HRANDFIELD', runs, ARGV[2])
tell(#sample)
for _, id in ipairs(sample) do
  local run = read(id)
  tell(id)
  tell(run and run.executor or '')
  tell(run and run.label or '')
end
for _, id in ipairs(redis.call('HRANDFIELD', quarantine, ARGV[3])) do
  local known, record = pcall(cjson.decode, redis.call('HGET', quarantine, id))
  tell(id)
  tell(cjson.encode(known and { why = record.why, at = record.at } or {}))
end
return reply
