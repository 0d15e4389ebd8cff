#!lua
-- Adds new jobs: all of them, or nothing is written. If a key is of another type, a read fails before the first write, and that ends the call
-- without a change.
-- USES  store, commands, page, metered, aside, counters, bounded, publish
-- ARGV  now or '', id of this call, the time at which the jobs were read, how many jobs; then columns of that length: ids; digest and JSON of
--       each; due instants ('': paused); fire times; bodies of job_added
-- Returns  'changed' (one of the jobs exists, or its tombstone does), 'stale' (the jobs were read too long ago), or 'done'
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return answered end
if now - tonumber(ARGV[3]) > 10000 then return 'stale' end
-- No other command reads the log before the first write, so this one fails if the log is of another type.
redis.call('XLEN', key('log'))

local COUNT = tonumber(ARGV[4])
local IDS, RECORDS, DUES, FIRES, BODIES = 5, 5 + COUNT, 5 + 2 * COUNT, 5 + 3 * COUNT, 5 + 4 * COUNT

local ids = { unpack(ARGV, IDS, RECORDS - 1) }
fetch('jobs', ids)
local jobs, tombs = valuesOf('jobs'), {}
for at, id in ipairs(ids) do
  if jobs[id] then return 'changed' end
  tombs[at] = key('tomb:') .. id
end
if redis.call('EXISTS', unpack(tombs)) > 0 then return 'changed' end

local records, scores, fires, soonest = {}, {}, {}, nil
for at = 0, COUNT - 1 do
  local id, due, fire = ids[at + 1], ARGV[DUES + at], ARGV[FIRES + at]
  if due ~= '' then
    scores[#scores + 1], scores[#scores + 2] = due, id
    due = tonumber(due)
    if not soonest or due < soonest then soonest = due end
    if ARGV[DUES + at] ~= fire then fires[#fires + 1], fires[#fires + 2] = id, fire end
  end
end
local head = redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2]
get('seq', 'job_added')
if #fires > 0 then redis.call('HLEN', key('cursor')) end
local rev = raiseRev(COUNT)
-- Whether a client held one of these ids for an earlier job, which is gone.
local isAnyHeld = redis.call('ZREM', key('held'), unpack(ids)) > 0
for at = 0, COUNT - 1 do
  local id, number = ids[at + 1], rev + at + 1
  local record = number .. ' ' .. number .. ' ' .. ARGV[RECORDS + at]
  records[2 * at + 1], records[2 * at + 2] = id, record
  meter(id, false, record)
  setLimits(id, limitsSaid(record))
end
setSlice('jobs', records, 1, #records)
setSlice('schedule', scores, 1, #scores)
setSlice('cursor', fires, 1, #fires)
-- A new job continues the account that is kept of an earlier job of its id.
local kept = redis.pcall('ZREM', key('accounts:gone'), unpack(ids))
if type(kept) == 'table' then redis.call('ZREM', ownKey('accounts:gone', 'zset'), unpack(ids)) end
publishAll('job_added', ARGV, BODIES, BODIES + COUNT - 1)

redis.call('SET', op, 'done', 'PX', 60000)
if soonest and (isAnyHeld or not head or tonumber(head) >= soonest) then redis.call('PUBLISH', channel('wakeup'), soonest) end
return flush('done')
