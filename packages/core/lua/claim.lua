#!lua
-- Turns due jobs into runs that are owed, and sets their next fire, one after the other. A job that someone changed meanwhile,
-- or holds, is skipped.
-- USES  store, types, page, foreign, aside, counters, publish, record, run, outcome, live, instances, enter
-- ARGV  now or '', epoch, tombstones' life in ms, then for each job: id, rev, due instant, next due instant ('': finished),
--       next fire time, tombstone to leave ('': none), run id ('': none), its state and its body, the delivery under which it
--       is to go out, and bodies ('': none) of job_missed and job_removed
-- Returns  'over', 'paused', 'refused' and the id of a run whose state is none (nothing was claimed), or for each job: 'skipped',
--          'claimed', or 'submitted' where its run is to be delivered
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
if redis.call('EXISTS', key('paused')) == 1 then return 'paused' end

local WORDS = 12
local jobs, ids, runIds = {}, {}, {}
for at = 4, #ARGV, WORDS do
  local id, rev, due, next, fire, grave, run, state, body, delivery, missed, removed = unpack(ARGV, at, at + WORDS - 1)
  local record = run ~= '' and decode(state)
  if record == nil then return 'refused ' .. run end
  if record then record.body, runIds[#runIds + 1] = body, run end
  jobs[#jobs + 1] = { id = id, rev = rev, due = due, next = next, fire = fire, grave = grave, runId = run, run = record,
    delivery = delivery, missed = missed, removed = removed }
  ids[#ids + 1] = id
end
for _, name in ipairs({ 'jobs', 'schedule', 'instances', 'waiting' }) do fetch(name, ids) end
fetch('runs', runIds)

local isAnyHeld = redis.call('EXISTS', key('held')) == 1
local function isAsRead(job)
  local record = get('jobs', job.id)
  if not record or record:match('^%d+') ~= job.rev or get('schedule', job.id) ~= job.due then return false end
  return not (isAnyHeld and tonumber(get('held', job.id) or 0) > now)
end

local function claim(job)
  local id, status = job.id, 'claimed'
  if job.missed ~= '' then publish('job_missed', job.missed) end
  if job.run and not get('runs', job.runId) then
    local entered = enter(job.runId, job.run, job.delivery)
    if entered == 'submitted' then status = entered end
  end
  if job.next == '' then
    for _, name in ipairs({ 'jobs', 'last', 'schedule' }) do set(name, id, false) end
    if job.grave ~= '' then redis.call('SET', key('tomb:') .. id, job.grave, 'PX', ARGV[3]) end
    publish('job_removed', job.removed)
  else
    set('schedule', id, job.next)
  end
  set('cursor', id, job.next ~= '' and job.next ~= job.fire and job.fire)
  return status
end

local reply = {}
for _, job in ipairs(jobs) do reply[#reply + 1] = isAsRead(job) and claim(job) or 'skipped' end
return flush(reply)
