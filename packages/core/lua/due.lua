#!lua flags=no-writes
-- Reads a page of due jobs and when there is more to do. Where more are due than a page takes, half of it are those that came due
-- last, so that these do not wait for all the others. Records of 4 MiB are enough for a page. Jobs whose due instants are none
-- are among them.
-- USES  store, page, foreign
-- ARGV  now or '', limit
-- Returns  now, '1' if the store is paused, instant of the next fire after this page, instant of the first run in the
--          outbox, then for each job: id, record, due instant, fire time where jitter makes it differ
local RECORDS_AT_ONCE, MOST_BYTES = 20, 4194304
local schedule = key('schedule')
local first = redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false
if first and (tonumber(first) < 0 or #beyondTime('outbox') > 0) then first = now end
if redis.call('EXISTS', key('paused')) == 1 then return { now, '1', false, first } end

local due = redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
if #due / 2 == tonumber(ARGV[2]) and redis.call('ZCOUNT', schedule, '-inf', now) > #due / 2 then
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
local reply, size, count = { now, '', false, first }, 0, 0
local function add(id, at)
  local record = get('jobs', id)
  reply[#reply + 1] = told(id)
  reply[#reply + 1] = record
  reply[#reply + 1] = at
  reply[#reply + 1] = get('cursor', id)
  size = size + #(record or '')
end
-- Reads a few records more, so that not many more are read than a page takes.
local function fetchFrom(first)
  local ids = {}
  for at = first, math.min(first + 2 * RECORDS_AT_ONCE - 2, #due), 2 do ids[#ids + 1] = due[at] end
  for _, name in ipairs({ 'jobs', 'cursor' }) do fetch(name, ids) end
end
while count < #due / 2 and size < MOST_BYTES do
  if count % RECORDS_AT_ONCE == 0 then fetchFrom(2 * count + 1) end
  add(due[2 * count + 1], due[2 * count + 2])
  count = count + 1
end
local after = redis.call('ZRANGE', schedule, count, count, 'WITHSCORES')[2]
reply[3] = after and tonumber(after) <= LAST_INSTANT and after or false
local beyond = beyondTime('schedule')
for i = 1, #beyond, 2 do add(beyond[i], beyond[i + 1]) end
return reply
