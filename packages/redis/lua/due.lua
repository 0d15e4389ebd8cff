#!lua flags=no-writes
-- Reads a page of due jobs and when there is more to do. Where more are due than a page takes, half of it are those that came due
-- last, so that these do not wait for all the others. Records of 4 MiB are enough for a page. Jobs whose due instants are none
-- are among them. Those whose records are newer than this release reads are passed over, and take nobody's place.
-- USES  store, page, foreign
-- ARGV  now or '', limit
-- Returns  now, '1' if the store is paused, instant of the next fire after this page, instant of the first run in the
--          outbox, '' if no run, lease or count of live runs is stored, how many ids of newer jobs, these, then for each job: id,
--          record, due instant, fire time where jitter makes it differ
local RECORDS_AT_ONCE, MOST_BYTES, MOST_NEWER = 20, 4194304, 100
local schedule, limit = key('schedule'), tonumber(ARGV[2])
local first = redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false
if first and (tonumber(first) < 0 or #beyondTime('outbox') > 0) then first = now end
-- Asked only where the page shows nothing of what is owed.
local function owing() return redis.call('EXISTS', key('runs'), key('leases'), key('instances')) > 0 and '1' or '' end
if redis.call('EXISTS', key('paused')) == 1 then return { now, '1', false, first, first and '1' or owing(), 0 } end

local due = redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
if #due / 2 == limit and redis.call('ZCOUNT', schedule, '-inf', now) > #due / 2 then
  local newest = math.floor(#due / 4)
  local last = redis.call('ZRANGE', schedule, now, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, newest, 'WITHSCORES')
  local mixed = {}
  -- By turns, so that both are there where the records are large.
  for at = 1, #due / 2 do
    local from = at % 2 == 0 and last or due
    local place = at - (at + 1) % 2
    mixed[#mixed + 1], mixed[#mixed + 2] = from[place], from[place + 1]
  end
  due = mixed
end
local jobs, newer, seen, size, count = {}, {}, {}, 0, 0
local function add(id, at)
  local record = get('jobs', id)
  seen[id] = true
  if isNewer(record) then
    newer[#newer + 1] = sentId(id)
    return
  end
  jobs[#jobs + 1] = sentId(id)
  jobs[#jobs + 1] = record
  jobs[#jobs + 1] = at
  jobs[#jobs + 1] = get('cursor', id)
  count = count + 1
  size = size + #(record or '')
end
local function isFull() return count >= limit or size >= MOST_BYTES end
-- Reads a few records more at a time, so that not many more are read than a page takes. Answers how many were looked at.
local function addPage(due)
  local at = 1
  while at < #due and not isFull() do
    if at % (2 * RECORDS_AT_ONCE) == 1 then
      local ids = {}
      for next = at, math.min(at + 2 * RECORDS_AT_ONCE - 2, #due), 2 do ids[#ids + 1] = due[next] end
      for _, name in ipairs({ 'jobs', 'cursor' }) do fetch(name, ids) end
    end
    if not seen[due[at]] then add(due[at], due[at + 1]) end
    at = at + 2
  end
  return (at - 1) / 2
end
local looked = addPage(due)
if #newer > 0 and #due / 2 == limit and not isFull() then
  looked = 0
  repeat
    due = redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', looked, limit, 'WITHSCORES')
    looked = looked + addPage(due)
  until isFull() or #due / 2 < limit
end
local after = redis.call('ZRANGE', schedule, looked, looked, 'WITHSCORES')[2]
local beyond = beyondTime('schedule')
for i = 1, #beyond, 2 do add(beyond[i], beyond[i + 1]) end

local named = math.min(#newer, MOST_NEWER)
local isOwing = (first or count > 0) and '1' or owing()
local reply = { now, '', after and tonumber(after) <= LAST_INSTANT and after or false, first, isOwing, named, unpack(newer, 1, named) }
for _, value in ipairs(jobs) do reply[#reply + 1] = value end
return reply
