#!lua
-- Turns due jobs into owed runs, and sets the next fire of each job, one job after the other. Skips a job that was changed meanwhile, or that
-- a client holds.
-- USES  store, types, commands, page, foreign, metered, aside, counters, bounded, publish, record, run, life, account, outcome, instances, stretches
-- ARGV  now or '', epoch,
--       tombstones' life in ms,
--       count of jobs,
--       the store's `rev` at which all these jobs are known to have the revs that are given ('': not known);
--       then a column for each of these lines, with an entry for each job:
--         job id
--         rev
--         due instant
--         next due instant ('': the job is finished) and job id
--         run id ('': no run) and its state, which names its delivery
--         run id and its body
--       then the bodies of job_submitted, one a line ('': no run), 25 lines an argument;
--       then, for each job that needs more: its place, counted from 0, and one of:
--         `F-L>T`, a range: the fire times from F to L were coalesced into T, the fire time of the run
--         `!` and the body of job_removed
--         a range, then `!` and the body of job_removed
--         `?` and the body of job_missed
--         JSON, if the job needs anything else. It has those of these members that the job needs:
--           `coalesced`, such a range
--           `cursor`, the next fire time, if it differs from the due instant
--           `overlap`, if it is not 'skip'
--           `missed` and `removed`, bodies of these events
--           `tombstone`, which the job leaves
-- Returns  'over', 'paused', 'all submitted', or for each job: 'skipped', 'claimed', or 'submitted' if its run is to be delivered
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
if redis.call('EXISTS', key('paused')) == 1 then return 'paused' end

local COUNT = tonumber(ARGV[4])
local JOBS, REVS, DUES, NEXTS = 6, 6 + COUNT, 6 + 2 * COUNT, 6 + 3 * COUNT
local STATES, BODIES, SUBMITTED = 6 + 5 * COUNT, 6 + 7 * COUNT, 6 + 9 * COUNT
-- If no job of the store was changed since then, the records are not read. A job that is gone is not in `schedule`.
local isUnchanged = ARGV[5] ~= '' and redis.pcall('GET', key('rev')) == ARGV[5]
local rares = {}
for i = SUBMITTED + math.ceil(COUNT / LINES_EACH), #ARGV, 2 do rares[tonumber(ARGV[i])] = ARGV[i + 1] end

local ids, runIds = { unpack(ARGV, JOBS, REVS - 1) }, {}
for at = STATES, BODIES - 1, 2 do runIds[#runIds + 1] = ARGV[at] end
for _, name in ipairs({ 'schedule', 'instances', 'waiting' }) do fetch(name, ids) end
if not isUnchanged then fetch('jobs', ids) end
fetch('runs', runIds)
local jobs, schedule, instances, waiting, runs =
  valuesOf('jobs'), valuesOf('schedule'), valuesOf('instances'), valuesOf('waiting'), valuesOf('runs')

local function isAsRead(id, rev, due)
  if schedule[id] ~= due then return false end
  if not isUnchanged and (jobs[id] or ''):sub(1, #rev + 1) ~= rev .. ' ' then return false end
  return sizes.held == 0 or tonumber(get('held', id) or 0) <= now
end

local function enterClaimed(id, state, body)
  return not runs[id] and enter(id, decode(state), body) == 'submitted' and 'submitted' or 'claimed'
end

-- Parses what a job needs more: for many jobs, only which fire times were coalesced or missed, or that the job ends.
local function rareOf(text)
  if not text then return {} end
  local first, mark = text:sub(1, 1), text:find('!', 1, true)
  if first == '{' then return cjson.decode(text) end
  if first == '?' then return { missed = text:sub(2) } end
  if not mark then return { coalesced = text } end
  return { coalesced = mark > 1 and text:sub(1, mark - 1), removed = text:sub(mark + 1) }
end

local FINISHED = '{"what":"finished"}'
-- A job that ends is removed from these keys, and from `cursor`.
local PARTS_OF_JOB = { 'jobs', 'last', 'schedule' }

local function finishJob(id, grave, removed)
  local record = get('jobs', id)
  meter(id, record, false)
  noteEnd(id, get('last', id), record, FINISHED)
  for _, name in ipairs(PARTS_OF_JOB) do set(name, id, false) end
  if grave then redis.call('SET', key('tomb:') .. id, grave, 'PX', ARGV[3]) end
  publish('job_removed', removed)
end

local reply, plainCount = {}, 0
local function claim(at)
  local id, next, runId = ARGV[JOBS + at], ARGV[NEXTS + 2 * at], ARGV[STATES + 2 * at]
  reply[at + 1] = 'skipped'
  if not isAsRead(id, ARGV[REVS + at], ARGV[DUES + at]) then return end
  local rare = rareOf(rares[at])
  reply[at + 1] = 'claimed'
  if rare.missed then
    publish('job_missed', rare.missed)
    noteEvent(id, 'm', rare.missed, true)
  end
  if rare.coalesced then noteCoalesced(id, rare.coalesced) end
  if runId ~= '' then reply[at + 1] = enterClaimed(runId, ARGV[STATES + 2 * at + 1], ARGV[BODIES + 2 * at + 1]) end
  if next == '' then finishJob(id, rare.tombstone, rare.removed) else set('schedule', id, next) end
  set('cursor', id, rare.cursor or false)
end

-- Returns 'goes on' or 'ends', as the job does, if its run enters the ledger as the only one of the job and nothing else is to be done.
-- Returns 'misses' if the job goes on without a run because all its fire times were missed. Returns false in any other case. Unless it
-- returns false, it updates the values that were read, so that later items see the change.
local function tryFastPath(at)
  local id, next, runId, said = ARGV[JOBS + at], ARGV[NEXTS + 2 * at], ARGV[STATES + 2 * at], rares[at]
  local rare = said and said:sub(1, 1)
  if rare == '?' then
    if next == '' or runId ~= '' or not isAsRead(id, ARGV[REVS + at], ARGV[DUES + at]) then return false end
    schedule[id] = next
    return 'misses'
  end
  local ends = said and said:find('!', 1, true) ~= nil or false
  if rare == '{' or (next == '') ~= ends or runId == '' then return false end
  if runs[runId] or instances[id] or waiting[id] then return false end
  if not isAsRead(id, ARGV[REVS + at], ARGV[DUES + at]) then return false end
  schedule[id], instances[id], runs[runId] = not ends and next, '1', ARGV[STATES + 2 * at + 1]
  return ends and 'ends' or 'goes on'
end

local function goOnAll(from, to)
  setSlice('schedule', ARGV, NEXTS + 2 * from, NEXTS + 2 * to + 1)
  publishLines('job_submitted', SUBMITTED, from, to)
  for at = from, to do
    if rares[at] then noteCoalesced(ARGV[JOBS + at], rares[at]) end
  end
end

local function endAll(from, to)
  for _, name in ipairs({ 'jobs', 'last' }) do fetch(name, { unpack(ARGV, JOBS + from, JOBS + to) }) end
  local last = valuesOf('last')
  for at = from, to do
    local id, rare = ARGV[JOBS + at], rareOf(rares[at])
    publish('job_submitted', bodyAt(SUBMITTED, at))
    if rare.coalesced then noteCoalesced(id, rare.coalesced) end
    meter(id, jobs[id], false)
    noteEnd(id, last[id], jobs[id], FINISHED)
    publish('job_removed', rare.removed)
    jobs[id], last[id] = false, false
  end
  for _, name in ipairs(PARTS_OF_JOB) do removeSlice(name, ARGV, JOBS + from, JOBS + to) end
end

local function missAll(from, to)
  local bodies = {}
  for at = from, to do
    local body = rares[at]:sub(2)
    bodies[at - from + 1], reply[at + 1] = body, 'claimed'
    noteEvent(ARGV[JOBS + at], 'm', body, true)
  end
  publishAll('job_missed', bodies, 1, #bodies)
  setSlice('schedule', ARGV, NEXTS + 2 * from, NEXTS + 2 * to + 1)
  removeSlice('cursor', ARGV, JOBS + from, JOBS + to)
end

local function claimAll(from, to, kind)
  if kind == 'misses' then return missAll(from, to) end
  admitAll(STATES + 2 * from, BODIES + 2 * from, JOBS + from, to - from + 1, nowText)
  if kind == 'ends' then endAll(from, to) else goOnAll(from, to) end
  removeSlice('cursor', ARGV, JOBS + from, JOBS + to)
  for at = from, to do reply[at + 1] = 'submitted' end
  plainCount = plainCount + to - from + 1
end

inStretches(COUNT, tryFastPath, claimAll, claim)
return flush(plainCount == COUNT and COUNT > 0 and 'all submitted' or reply)
