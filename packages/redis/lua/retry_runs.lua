#!lua
-- Enters a new run for each of these failed runs, without a leader, and wakes the leader. A failed run is run again only once: the id of the
-- new run is kept as long as failures are.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', id of this call, then for each: id of the run that failed, id of the new run, its state and its body
-- Returns  for each: 'submitted', 'retried' (it was run again before), 'owed' (it has not ended yet) or 'max_instances' (its job has as many
--          live runs as it may have: nothing was entered)
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return cjson.decode(answered) end

local FIRST, EACH = 3, 4
local ids, jobs, runs = {}, {}, {}
for at = FIRST, #ARGV, EACH do
  local run = decode(ARGV[at + 2])
  if not run then return redis.error_reply('ERR the state of run ' .. ARGV[at + 1] .. ' cannot be read') end
  ids[#ids + 1], ids[#ids + 2], runs[#runs + 1] = ARGV[at], ARGV[at + 1], run
  if run.job ~= '' then jobs[#jobs + 1] = run.job end
end
fetch('runs', ids)
fetch('instances', jobs)

local _, age = accountLimitsOf('')
local function runAgain(failed, id, run, state, body)
  local mark = ownKey('retried:' .. failed, 'string')
  if redis.call('EXISTS', mark) == 1 or get('runs', id) then return 'retried' end
  if get('runs', failed) then return 'owed' end
  if not hasRoom(run) then return 'max_instances' end
  redis.call('SET', mark, id, 'PX', string.format('%.0f', age))
  admit(id, run.job, run.overlap, state, now, body)
  publish('job_submitted', run.label .. ',' .. run.submission)
  return 'submitted'
end

local reply, isAny = {}, false
for place, run in ipairs(runs) do
  local at = FIRST + (place - 1) * EACH
  reply[place] = runAgain(ARGV[at], ARGV[at + 1], run, ARGV[at + 2], ARGV[at + 3])
  isAny = isAny or reply[place] == 'submitted'
end
if isAny then redis.call('PUBLISH', channel('wakeup'), now) end
redis.call('SET', op, cjson.encode(reply), 'PX', 60000)
return flush(reply)
