#!lua
-- Starts the runs of a delivery, if they are owed under just this delivery. A first start that comes too late misses
-- fire times; a run that keeps losing its workers is settled as an error.
-- KEYS  runs, leases, outbox, instances, seq, events: (prefix)
-- ARGV  now or '', delivery id, token, lease in ms, how many lost workers are borne, JSON of the error beyond that,
--       worker (a member for job_started), then run ids
-- Returns  for each run: 'dropped', 'ended' or 'unreadable' and '', or 'started' and its record
local runs, leases, outbox, instances, seq, events = unpack(KEYS)
local borne, lost, worker = tonumber(ARGV[5]), ARGV[6], ARGV[7]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local function publish(kind, body)
  local number = redis.call('HINCRBY', seq, kind, 1)
  redis.call('PUBLISH', events .. kind,
    '{"v":1,"seq":' .. number .. ',"type":"' .. kind .. '","at":' .. now .. ',' .. body .. '}')
end

local pattern = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%S+) (%S+) (%S+) ([^\n]*)(\n([^\n]*)\n.*)$'
local function finish(id, job)
  redis.call('HDEL', runs, id)
  redis.call('ZREM', leases, id)
  redis.call('ZREM', outbox, id)
  if job ~= '' and redis.call('HINCRBY', instances, job, -1) <= 0 then redis.call('HDEL', instances, job) end
  return 'ended'
end

local function start(id)
  local record = redis.call('HGET', runs, id)
  if not record then return 'dropped' end
  local delivery, token, starts, losses, done, grace, executor, fires, job, rest, label = record:match(pattern)
  if not delivery then return 'unreadable' end
  if delivery ~= ARGV[2] then return 'dropped' end
  if token == ARGV[3] then return 'started', record end

  if token ~= '-' then losses = losses + 1 end
  local index, missed, first, last = 0, 0, nil, nil
  for fire, delay in fires:gmatch('(%-?%d+)%+(%d+)') do
    if tonumber(losses) > borne and index >= tonumber(done) then
      publish('job_error', label .. ',"executionId":"' .. id .. '.' .. index .. '","scheduledRunTime":' .. fire
        .. ',"error":' .. lost)
    elseif starts == '0' and grace ~= '-' and fire + delay + grace < now then
      missed, first, last = missed + 1, first or fire, fire
    end
    index = index + 1
  end
  if tonumber(losses) > borne then return finish(id, job) end
  if missed > 0 then
    publish('job_missed', label .. ',"first":' .. first .. ',"last":' .. last)
    if missed == index then return finish(id, job) end
    done = missed
  end

  record = table.concat({ delivery, ARGV[3], starts + 1, losses, done, grace, executor, fires, job }, ' ') .. rest
  redis.call('HSET', runs, id, record)
  redis.call('ZADD', leases, now + ARGV[4], id)
  redis.call('ZREM', outbox, id)
  publish('job_started', label .. ',' .. worker .. ',"attempt":' .. starts + 1)
  return 'started', record
end

local reply = {}
for i = 8, #ARGV do
  local status, record = start(ARGV[i])
  reply[#reply + 1] = status
  reply[#reply + 1] = record or ''
end
return reply
