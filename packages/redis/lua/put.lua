#!lua
-- Adds, replaces or removes jobs. New jobs are added all together, or nothing is written. Each change of an existing job is made by itself,
-- if the job is still what was read.
-- USES  store, types, commands, page, metered, header, aside, counters, bounded, publish, account
-- ARGV  now or '', id of this call, the time at which the jobs were read, tombstones' life in ms, then for each job:
--       id, rev ('': no such job; '?': its header cannot be read), due instant ('': not scheduled; 'any': it may have fired),
--       tombstone ('': none),
--       'write' or 'remove', JSON that the account keeps of the change ('': there was no job), digest (with 'remove': tombstone
--       to leave, '': none), JSON, 'new' for a new generation, due instant ('': paused; 'kept': the present one, which its events
--       then have, and the JSON of its change), fire time, n, then n times: event, its body
-- Returns  'changed' (a new job exists, or its tombstone is another), 'stale' (read too long ago), or 'done' and the places of those not changed
local jobs, schedule, cursor, tomb = key('jobs'), key('schedule'), key('cursor'), key('tomb:')
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return answered end
if now - tonumber(ARGV[3]) > 10000 then return 'stale' end

-- Where each argument of a job is, counted from its id.
local REV, DUE, GRAVE, ACTION, ACCOUNT, DIGEST, JSON, IS_NEW, NEXT_DUE, NEXT_FIRE, EVENT_COUNT, EVENTS = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
local changes, records, at, place, reply = {}, {}, 5, 0, { 'done' }
while at <= #ARGV do
  local id, rev, due, grave = ARGV[at], ARGV[at + REV], ARGV[at + DUE], ARGV[at + GRAVE]
  local record = redis.call('HGET', jobs, id)
  local isAsRead = not record and (redis.call('GET', tomb .. id) or '') == grave
  if rev == '?' then
    isAsRead = not (record and isReadable(record)) and (record or redis.call('ZSCORE', schedule, id))
  elseif rev ~= '' then
    isAsRead = record and record:match('^%d+') == rev
      and (due == 'any' or (redis.call('ZSCORE', schedule, id) or '') == due)
  end
  if not isAsRead and rev == '' then return 'changed' end
  if isAsRead then changes[#changes + 1], records[at] = at, record else reply[#reply + 1] = place end
  at, place = at + EVENTS + 2 * ARGV[at + EVENT_COUNT], place + 1
end

local rev, soonest = raiseRev(#changes), nil
local isAnyHeld = false

-- Accounts for a change before it is made. `kept`: the fire time that stays pending, as JSON; nil if it does not stay.
local function noteBefore(id, at, record, kept)
  local what = ARGV[at + ACCOUNT]
  for event = at + EVENTS, at + EVENTS - 2 + 2 * ARGV[at + EVENT_COUNT], 2 do
    if ARGV[event] == 'job_missed' then noteEvent(id, 'm', ARGV[event + 1]) end
  end
  if ARGV[at + ACTION] == 'write' then
    if what == '' then return noteReturn(id) end
    noteChange(id, record or '', kept and what:sub(1, -2) .. ',"first":' .. kept .. '}' or what)
  elseif what ~= '' then
    noteEnd(id, get('last', id), record, what)
  end
end

for _, at in ipairs(changes) do
  local id, action, due, fire, more = ARGV[at], ARGV[at + ACTION], ARGV[at + NEXT_DUE], ARGV[at + NEXT_FIRE], ''
  local isKept, kept = due == 'kept', nil
  rev = rev + 1
  if isKept then
    due = redis.call('ZSCORE', schedule, id) or ''
    kept = due == '' and 'null' or redis.call('HGET', cursor, id) or due
    more = ',"nextRunTime":' .. kept
  end
  noteBefore(id, at, records[at], kept)
  if not isKept and ARGV[at + REV] ~= '' then
    redis.call('HDEL', cursor, id)
  end
  if ARGV[at + GRAVE] ~= '' or action == 'remove' then redis.call('DEL', tomb .. id) end
  if action == 'remove' then
    redis.call('HDEL', jobs, id)
    set('last', id, false)
    meter(id, records[at], false)
    if ARGV[at + DIGEST] ~= '' then redis.call('SET', tomb .. id, ARGV[at + DIGEST], 'PX', ARGV[4]) end
  else
    local generation = ARGV[at + IS_NEW] == 'new' and rev or records[at]:match('^%d+ (%d+)')
    local record = rev .. ' ' .. generation .. ' ' .. ARGV[at + DIGEST] .. ' ' .. ARGV[at + JSON]
    redis.call('HSET', jobs, id, record)
    meter(id, records[at], record)
    setLimits(id, limitsSaid(record))
  end
  if action == 'remove' or due == '' then
    redis.call('ZREM', schedule, id)
  elseif not isKept then
    redis.call('ZADD', schedule, due, id)
    if due ~= fire then redis.call('HSET', cursor, id, fire) end
  end
  local wasHeld = redis.call('ZREM', key('held'), id) == 1
  isAnyHeld = isAnyHeld or wasHeld
  if action ~= 'remove' and due ~= '' and (wasHeld or not isKept) then
    soonest = math.min(soonest or tonumber(due), tonumber(due))
  end
  for event = at + EVENTS, at + EVENTS - 2 + 2 * ARGV[at + EVENT_COUNT], 2 do publish(ARGV[event], ARGV[event + 1] .. more) end
end

local answer = table.concat(reply, ' ')
redis.call('SET', op, answer, 'PX', 60000)
local head = soonest and redis.call('ZRANGE', schedule, 0, 0, 'WITHSCORES')[2]
if head and (isAnyHeld or tonumber(head) >= soonest) then redis.call('PUBLISH', channel('wakeup'), soonest) end
return flush(answer)
