#!lua flags=no-writes
-- Reads the state of a whole job store.
-- USES  store, look, queue, commands, page, foreign, record, run
-- ARGV  now or '', the most runs to return, the most quarantined records to return
-- Returns  now, the format and the lowest that it may be lowered to, how many members, then for each: `<role> <id>`, the highest format
--          that it reads; what addStore and addWorkers return (lib/look.lua); how many runs (started runs come first), then for each:
--          id, executor, label ('' if it cannot be read), state, due instant, starts, max instances (nil if it cannot be read); how
--          many of their executors have limits, then for each: alias, global concurrency (nil: none), deliveries taken, rate limit
--          (nil: none) and its ms, for how many more ms it lets no delivery pass; then for each quarantined record: name, JSON of why
--          and when
local runs, quarantine = key('runs'), key('quarantine')
add(format)
add(lowest)
local readers = redis.call('HGETALL', key('readers'))
add(#readers / 2)
for i = 1, #readers, 2 do
  add(readers[i])
  add(readers[i + 1]:match('^%d+ (%d+)') or false)
end
addStore()
addWorkers()
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
add(#sample)
for _, id in ipairs(sample) do
  local run = read(id)
  add(id)
  add(run and run.executor or '')
  add(run and run.label or '')
  local out = tonumber(get('outbox', id) or nil)
  local state = run and stateOf(id, run, out)
  add(state == 'queued' and out and 'undelivered' or state or false)
  add(run and fires(run, run.done)[1].due or false)
  add(run and run.starts or false)
  add(run and run.max or false)
  if run and not executors[run.executor] then
    executors[run.executor], executors[#executors + 1] = true, run.executor
  end
end

local limits = {}
for _, executor in ipairs(executors) do
  local concurrency, max, duration = queueLimitsOf(executor)
  if tonumber(concurrency or nil) or tonumber(max or nil) then
    limits[#limits + 1] = { executor, concurrency, takenFrom(executor), max, duration, shutFor(executor, max) }
  end
end
add(#limits)
for _, limit in ipairs(limits) do for at = 1, 6 do add(limit[at] or false) end end
for _, id in ipairs(redis.call('HRANDFIELD', quarantine, ARGV[3])) do
  local known, record = pcall(cjson.decode, redis.call('HGET', quarantine, id))
  add(id)
  add(cjson.encode(known and { why = record.why, at = record.at } or {}))
end
return reply
