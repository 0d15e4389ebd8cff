#!lua flags=no-writes
-- Reads one page of jobs: scheduled jobs by due instant, then paused jobs in no order.
-- USES  store, foreign, schedule
-- ARGV  now or '', limit, then where to begin: 'scheduled', due instant and id of the last one listed ('' at first),
--       or 'paused', cursor of HSCAN, how many of its batch were listed
-- Returns  now, where the next page begins (three strings; '' if this was the last page), then for each job: id, record, due instant, fire
--          time if jitter makes it differ, last outcome. A page may have fewer jobs than the limit.
local jobs, schedule, cursor, last = key('jobs'), key('schedule'), key('cursor'), key('last')
local limit, part, from, skip = tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]

local reply = { now, '', '', '' }
local function add(id, record)
  local due = redis.call('ZSCORE', schedule, id)
  for _, value in ipairs({ sentId(id), record, due, redis.call('HGET', cursor, id), redis.call('HGET', last, id) }) do
    reply[#reply + 1] = value
  end
end

local listed = 0
if part == 'scheduled' then
  local rank = from == '' and 0 or rankAfter(from, skip)
  local ids = redis.call('ZRANGE', schedule, rank, rank + limit - 1)
  for _, id in ipairs(ids) do add(id, redis.call('HGET', jobs, id)) end
  listed = #ids
  if listed == limit then
    reply[2], reply[3], reply[4] = part, redis.call('ZSCORE', schedule, ids[listed]), sentId(ids[listed])
    return reply
  end
  part, from, skip = 'paused', '0', '0'
end
if redis.call('ZCARD', schedule) == redis.call('HLEN', jobs) then return reply end

for _ = 1, 10 do
  local next, batch = unpack(redis.call('HSCAN', jobs, from, 'COUNT', limit))
  for i = 1 + 2 * skip, #batch, 2 do
    if listed == limit then
      reply[2], reply[3], reply[4] = part, from, tostring((i - 1) / 2)
      return reply
    end
    if not redis.call('ZSCORE', schedule, batch[i]) then
      add(batch[i], batch[i + 1])
      listed = listed + 1
    end
  end
  from, skip = next, 0
  if from == '0' then return reply end
end
reply[2], reply[3], reply[4] = part, from, '0'
return reply
