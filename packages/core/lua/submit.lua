#!lua
-- Enters a run for now, without a leader, and wakes the leader.
-- KEYS  instances, runs, outbox, seq, events: (prefix), wakeup, op
-- ARGV  now or '', run id, job id ('': none), maxInstances, record, bodies of job_submitted and job_max_instances
-- Returns  'submitted' or 'max_instances'
local instances, runs, outbox, seq, events, wakeup, op = unpack(KEYS)
local run, job, max, record = ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
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

local answer = redis.call('GET', op)
if answer then return answer end

answer = 'submitted'
if job ~= '' and tonumber(redis.call('HGET', instances, job) or 0) >= max then
  answer = 'max_instances'
  publish('job_max_instances', ARGV[7])
else
  if job ~= '' then redis.call('HINCRBY', instances, job, 1) end
  redis.call('HSET', runs, run, record)
  redis.call('ZADD', outbox, now, run)
  publish('job_submitted', ARGV[6])
  redis.call('PUBLISH', wakeup, now)
end
redis.call('SET', op, answer, 'PX', 60000)
return answer
