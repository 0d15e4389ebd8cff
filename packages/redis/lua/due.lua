#!lua flags=no-writes
-- Reads a page of due jobs, and when there is more to do. If more jobs are due than fit into a page, half of the page are those that became
-- due last, so that these do not wait for all the others. A page ends at 4 MiB of records. It also has the jobs whose due instants cannot be
-- read. Jobs whose records a newer release wrote are listed apart, and take no other job's place.
-- USES  store, commands, page, foreign
-- ARGV  now or '', limit, the store's `rev` at which the caller knows the records ('': it does not know them)
-- Returns  now,
--          '1' if the store is paused,
--          instant of the next fire after this page,
--          instant of the first run in the outbox,
--          '' if there is no job in the page, no run in the outbox, and no run, lease or count of live runs is stored (else '1'),
--          the store's `rev` ('': there is none),
--          count of jobs;
--          then for each job:
--            id
--            record (nil for all jobs if the `rev` is the one that was given)
--            due instant
--            fire time, if jitter makes it differ from the due instant
--          then ids of newer jobs
local rev = redis.pcall('GET', key('rev'))
if type(rev) ~= 'string' then rev = '' end
local isKnown = rev ~= '' and rev == ARGV[3]
local RECORDS_AT_ONCE, MOST_BYTES, MOST_NEWER = 20, 4194304, 100
local schedule, limit = key('schedule'), tonumber(ARGV[2])
local first = redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false
if first and (tonumber(first) < 0 or #beyondTime('outbox') > 0) then first = now end
-- Called only if neither the page nor the outbox shows that anything is owed.
local function owing() return redis.call('EXISTS', key('runs'), key('leases'), key('instances')) > 0 and '1' or '' end
if redis.call('EXISTS', key('paused')) == 1 then return { now, '1', false, first, first and '1' or owing(), rev, 0 } end

local function oldest(from, count) return redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', from, count, 'WITHSCORES') end

-- The halves of a full page alternate, so that the page has jobs of both even if large records end it early.
local function readPage()
  local half = math.ceil(limit / 2)
  local due = oldest(0, half)
  if #due < 2 * half then return due end
  local isMore = redis.call('ZCOUNT', schedule, '-inf', now) > limit
  local rest = isMore and redis.call('ZRANGE', schedule, now, '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, limit - half, 'WITHSCORES')
    or oldest(half, limit - half)
  local page, count = {}, 0
  for at = 1, #due, 2 do
    page[count + 1], page[count + 2] = due[at], due[at + 1]
    count = count + 2
    if isMore and rest[at] then
      page[count + 1], page[count + 2] = rest[at], rest[at + 1]
      count = count + 2
    end
  end
  for at = 1, isMore and 0 or #rest do page[count + at] = rest[at] end
  return page
end

local records, cursors = valuesOf('jobs'), valuesOf('cursor')
local reply, filled, newer, seen, size, count = { now, '', false, first, '', rev, 0 }, 7, {}, {}, 0, 0
local function read(ids)
  sizes.cursor = sizes.cursor or redis.call('HLEN', key('cursor'))
  if not isKnown then fetch('jobs', ids) end
  fetch('cursor', ids)
end
local function add(id, at)
  local record = records[id]
  seen[id] = true
  if isNewer(record) then
    newer[#newer + 1] = sentId(id)
    return
  end
  reply[filled + 1], reply[filled + 2], reply[filled + 3], reply[filled + 4] = sentId(id), record or false, at, cursors[id] or false
  filled, count, size = filled + 4, count + 1, size + #(record or '')
end
local function isFull() return count >= limit or size >= MOST_BYTES end
-- Reads a few records at a time, so that it reads few that do not fit into the page. Returns how many jobs it looked at.
local function addPage(due)
  local at, last = 1, #due
  while at < last and count < limit and size < MOST_BYTES do
    if at % (2 * RECORDS_AT_ONCE) == 1 then
      local ids = {}
      for next = at, math.min(at + 2 * RECORDS_AT_ONCE - 2, last), 2 do ids[#ids + 1] = due[next] end
      read(ids)
    end
    if not seen[due[at]] then add(due[at], due[at + 1]) end
    at = at + 2
  end
  return (at - 1) / 2
end
local page = readPage()
local looked = addPage(page)
if #newer > 0 and #page / 2 == limit and not isFull() then
  looked = 0
  repeat
    page = oldest(looked, limit)
    looked = looked + addPage(page)
  until isFull() or #page / 2 < limit
end
local after = redis.call('ZRANGE', schedule, looked, looked, 'WITHSCORES')[2]
local beyond = beyondTime('schedule')
for i = 1, #beyond, 2 do
  read({ beyond[i] })
  add(beyond[i], beyond[i + 1])
end

reply[3] = after and tonumber(after) <= LAST_INSTANT and after or false
reply[5], reply[7] = (first or count > 0) and '1' or owing(), count
for at = 1, math.min(#newer, MOST_NEWER) do reply[filled + at] = newer[at] end
return reply
