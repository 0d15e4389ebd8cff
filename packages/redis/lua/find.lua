#!lua flags=no-writes
-- Reads a page of the jobs that may match a search: scheduled jobs by due instant, then paused jobs in no order. Looks at a bounded number of
-- jobs. Searches the bytes of records without parsing them: the caller checks what was found.
-- USES  store, foreign, schedule
-- ARGV  now or '', limit, how many jobs to look at, then where to begin, as for `list`: three strings; then the search: due before an instant
--       ('': any), state 'scheduled', 'paused' or 'running' ('': any), last outcome 'executed', 'error', 'cancelled' or 'none' ('': any), a
--       text without capitals that the id or the record contains, and texts that the record contains, all of them
-- Returns  now, where to go on (three strings; '' once all jobs were looked at), then for each job as `list` does
local jobs, schedule, cursor, last, instances = key('jobs'), key('schedule'), key('cursor'), key('last'), key('instances')
local limit, left, part, from, skip = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
local before, state, outcome, lower, exact = ARGV[7], ARGV[8], ARGV[9], ARGV[10], { unpack(ARGV, 11) }
local AT_ONCE = 500

local LETTERS = { x = 'executed', X = 'executed', e = 'error', E = 'error', c = 'cancelled', C = 'cancelled', ['-'] = 'none' }
local function outcomeOf(id)
  local text = redis.call('HGET', last, id)
  local word = text and text:match('^%S+')
  return word and (LETTERS[word] or word) or 'none'
end

local function mayBe(id, record)
  for _, text in ipairs(exact) do
    if not record:find(text, 1, true) then return false end
  end
  if lower ~= '' and not id:lower():find(lower, 1, true) and not record:lower():find(lower, 1, true) then return false end
  if outcome ~= '' and outcomeOf(id) ~= outcome then return false end
  return state ~= 'running' or tonumber(redis.call('HGET', instances, id) or 0) > 0
end

-- What was found: ids, records and due instants.
local ids, records, dues = {}, {}, {}
local function find(id, record, due)
  ids[#ids + 1], records[#ids + 1], dues[#ids + 1] = id, record, due
end

local function answer(where, at, past)
  local reply, cursors, lasts = { now, where, at, past }, {}, {}
  if #ids > 0 then cursors, lasts = redis.call('HMGET', cursor, unpack(ids)), redis.call('HMGET', last, unpack(ids)) end
  for n, id in ipairs(ids) do
    for _, value in ipairs({ sentId(id), records[n], dues[n], cursors[n], lasts[n] }) do reply[#reply + 1] = value end
  end
  return reply
end

if part == 'scheduled' then
  local rank, most = 0, before == '' and redis.call('ZCARD', schedule) or redis.call('ZCOUNT', schedule, '-inf', '(' .. before)
  if state == 'paused' then most = 0 end
  if from ~= '' then rank = rankAfter(from, skip) end
  while rank < most do
    local batch = redis.call('ZRANGE', schedule, rank, math.min(rank + math.min(AT_ONCE, left), most) - 1, 'WITHSCORES')
    local page = {}
    for at = 1, #batch, 2 do page[#page + 1] = batch[at] end
    local found = redis.call('HMGET', jobs, unpack(page))
    for at, id in ipairs(page) do
      if found[at] and mayBe(id, found[at]) then find(id, found[at], batch[2 * at]) end
      left, rank = left - 1, rank + 1
      if rank < most and (#ids == limit or left == 0) then return answer('scheduled', batch[2 * at], sentId(id)) end
    end
  end
  from, skip = '0', '0'
end
if before ~= '' or state == 'scheduled' or redis.call('ZCARD', schedule) == redis.call('HLEN', jobs) then return answer('', '', '') end
if #ids == limit or left == 0 then return answer('paused', from, skip) end

repeat
  local next, batch = unpack(redis.call('HSCAN', jobs, from, 'COUNT', AT_ONCE))
  for i = 1 + 2 * skip, #batch, 2 do
    if #ids == limit or left == 0 then return answer('paused', from, tostring((i - 1) / 2)) end
    left = left - 1
    if mayBe(batch[i], batch[i + 1]) and not redis.call('ZSCORE', schedule, batch[i]) then find(batch[i], batch[i + 1], false) end
  end
  from, skip = next, 0
until from == '0' or left == 0
return from == '0' and answer('', '', '') or answer('paused', from, '0')
