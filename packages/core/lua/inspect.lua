#!lua flags=no-writes
-- Looks at a job store as a whole.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', how many runs, and how many quarantined records, to tell of at most
-- Returns  now, the format and the lowest that it may be lowered to, how many members, then for each: `<role> <id>`, the highest format
--          that it reads; for how many more ms the lock is held (below 0: by nobody), epoch (nil: none yet), 1 if paused, how many
--          there are of jobs, schedule, outbox, runs, leases, quarantine; first due instant, first instant in the outbox (nil
--          where there is none); how many workers, then for each: id, last sign of life, what it told; how many runs, those that
--          were started first, then for each: id, executor, label ('' where it cannot be read), state, due instant, starts, max
--          instances (nil where it cannot be read); how many of their executors have limits, then for each: alias, global
--          concurrency (nil: none), deliveries taken, rate limit (nil: none) and its ms, for how many more ms it lets none
--          pass; then for each quarantined record: id, JSON without the record
local runs, quarantine = key('runs'), key('quarantine')
local reply = { now, format, lowest }
local function tell(value) reply[#reply + 1] = value end
local readers = redis.call('HGETALL', key('readers'))
tell(#readers / 2)
for i = 1, #readers, 2 do
  tell(readers[i])
  tell(readers[i + 1]:match('^%d+ (%d+)') or false)
end
tell(redis.call('PTTL', key('leader')))
tell(redis.call('GET', key('epoch')))
tell(redis.call('EXISTS', key('paused')))
tell(redis.call('HLEN', key('jobs')))
tell(redis.call('ZCARD', key('schedule')))
tell(redis.call('ZCARD', key('outbox')))
tell(redis.call('HLEN', runs))
tell(redis.call('ZCARD', key('leases')))
tell(redis.call('HLEN', quarantine))
tell(redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2] or false)
tell(redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false)

local known = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES')
tell(#known / 2)
for i = 1, #known, 2 do
  tell(known[i])
  tell(known[i + 1])
  tell(redis.call('HGET', key('workers:info'), known[i]))
end
local sample, picked, executors = {}, {}, {}
local function pick(ids)
  for _, id in ipairs(ids) do
    if #sample < tonumber(ARGV[2]) and not picked[id] and redis.call('HEXISTS', runs, id) == 1 then
      sample[#sample + 1], picked[id] = id, true
    end
  end
end
pick(redis.call('ZRANGE', key('leases'), 0, ARGV[2]))
pick(redis.call('HRANDFIELD', runs, ARGV[2]))
tell(#sample)
for _, id in ipairs(sample) do
  local run = read(id)
  tell(id)
  tell(run and run.executor or '')
  tell(run and run.label or '')
  local out = tonumber(get('outbox', id) or nil)
  local state = run and stateOf(id, run, out)
  tell(state == 'queued' and out and 'undelivered' or state or false)
  tell(run and fires(run, run.done)[1].due or false)
  tell(run and run.starts or false)
  tell(run and run.max or false)
  if run and not executors[run.executor] then
    executors[run.executor], executors[#executors + 1] = true, run.executor
  end
end

-- What BullMQ keeps of a queue, where it is of its type; else nil.
local function ofQueue(command, executor, part, ...)
  local reply = redis.pcall(command, key('q:') .. executor .. ':' .. part, ...)
  return (type(reply) ~= 'table' or not reply.err) and reply or nil
end

local limits = {}
for _, executor in ipairs(executors) do
  local concurrency, max, duration = unpack(ofQueue('HMGET', executor, 'meta', 'concurrency', 'max', 'duration') or {})
  if tonumber(concurrency or nil) or tonumber(max or nil) then
    local isUsedUp = max and (tonumber(ofQueue('GET', executor, 'limiter') or 0) or 0) >= tonumber(max)
    local shutFor = isUsedUp and math.max(0, ofQueue('PTTL', executor, 'limiter') or 0) or 0
    limits[#limits + 1] = { executor, concurrency, ofQueue('LLEN', executor, 'active') or 0, max, duration, shutFor }
  end
end
tell(#limits)
for _, limit in ipairs(limits) do for at = 1, 6 do tell(limit[at] or false) end end
for _, id in ipairs(redis.call('HRANDFIELD', quarantine, ARGV[3])) do
  local known, record = pcall(cjson.decode, redis.call('HGET', quarantine, id))
  tell(id)
  tell(cjson.encode(known and { why = record.why, at = record.at } or {}))
end
return reply
