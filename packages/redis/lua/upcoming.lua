#!lua flags=no-writes
-- Reads a page of jobs that are due soon, by due instant, so that a leader knows them once they are due. A page ends at 4 MiB of records. Jobs
-- that a newer release wrote are left out.
-- USES  store, commands, page, foreign, schedule
-- ARGV  now or '', limit, within how many ms the jobs are due, due instant of the last job of the page before ('' at first), its id
-- Returns  now,
--          the store's `rev` ('': there is none),
--          due instant and id of the last job of this page if others are due within that time (else nil, nil),
--          count of jobs;
--          then for each job: id, record, due instant, fire time if jitter makes it differ
local limit, latest, lastDue, lastId = tonumber(ARGV[2]), now + tonumber(ARGV[3]), ARGV[4], ARGV[5]
local RECORDS_AT_ONCE, MOST_BYTES = 20, 4194304
local schedule = key('schedule')
local rev = redis.pcall('GET', key('rev'))
local reply, filled, count, size = { now, type(rev) == 'string' and rev or '', false, false, 0 }, 5, 0, 0
if redis.call('EXISTS', key('paused')) == 1 then return reply end

local rank = lastDue == '' and redis.call('ZCOUNT', schedule, '-inf', now) or rankAfter(lastDue, lastId)
-- One job more shows whether others are due.
local page = redis.call('ZRANGE', schedule, rank, rank + limit, 'WITHSCORES')
local records, cursors = valuesOf('jobs'), valuesOf('cursor')
-- Reads a few records at a time, so that it reads few that do not fit into the page.
local function read(from)
  local ids = {}
  for at = from, math.min(from + 2 * RECORDS_AT_ONCE - 2, 2 * limit - 1, #page), 2 do ids[#ids + 1] = page[at] end
  sizes.cursor = sizes.cursor or redis.call('HLEN', key('cursor'))
  fetch('jobs', ids)
  fetch('cursor', ids)
end
local at = 1
local function isMore() return at < #page and tonumber(page[at + 1]) <= latest end
while isMore() and at < 2 * limit and size < MOST_BYTES do
  if at % (2 * RECORDS_AT_ONCE) == 1 then read(at) end
  local id, record = page[at], records[page[at]]
  if not isNewer(record) then
    reply[filled + 1], reply[filled + 2], reply[filled + 3], reply[filled + 4] = sentId(id), record or false, page[at + 1], cursors[id] or false
    filled, count, size = filled + 4, count + 1, size + #(record or '')
  end
  at = at + 2
end
if at > 1 and isMore() then reply[3], reply[4] = page[at - 1], sentId(page[at - 2]) end
reply[5] = count
return reply
