#!lua flags=no-writes
-- Measures a job store. Each command takes the same time however many jobs and runs there are.
-- USES  store, look, queue, commands, page, foreign, record
-- ARGV  now or '', how many of the jobs to return at most that ask for metrics of their own, then executors that the caller knows
-- Returns  now, what addStore returns (lib/look.lua), how many runs wait for an instance; how many types of events, then for each: type,
--          counter; how many coordinators, then for each: id, what it showed; what addWorkers returns; how many executors, then for
--          each: alias, how many deliveries wait, how many are taken, when the oldest that waits was queued (nil: none waits); how many jobs ask for
--          metrics of their own; then for each: id, due instant (nil: paused), fire time if it differs, the text of its last outcome
-- How many runs of the outbox, and how many of the ledger, are searched for executors that are not known otherwise.
local LOOKED = 20

local function addPairs(list)
  add(#list / 2)
  for _, item in ipairs(list) do add(item) end
end
addStore()
add(redis.call('HLEN', key('waiting')))
addPairs(redis.call('HGETALL', key('seq')))
addPairs(redis.call('HGETALL', key('coordinators')))

local executors, isKnown = {}, {}
local function know(executor)
  if type(executor) == 'string' and not isKnown[executor] then
    executors[#executors + 1], isKnown[executor] = executor, true
  end
end
for _, json in ipairs(addWorkers()) do
  local isRead, info = pcall(cjson.decode, json or '')
  local served = isRead and type(info) == 'table' and type(info.executors) == 'table' and info.executors or {}
  for _, executor in ipairs(served) do know(type(executor) == 'table' and executor.alias) end
end
for at = 3, #ARGV do know(ARGV[at]) end
for _, ids in ipairs({ redis.call('ZRANGE', key('outbox'), 0, LOOKED - 1), redis.call('HRANDFIELD', key('runs'), LOOKED) }) do
  for _, id in ipairs(ids) do
    local run = decode(get('runs', id))
    know(run and run.executor)
  end
end

add(#executors)
for _, executor in ipairs(executors) do
  add(executor)
  add(waitingIn(executor))
  add(takenFrom(executor))
  add(oldestOf(executor))
end

local metered = redis.pcall('ZRANGE', key('metered'), 0, ARGV[2] - 1)
if metered.err then metered = {} end
local count = redis.pcall('ZCARD', key('metered'))
add(type(count) == 'number' and count or 0)
local parts = {}
if #metered > 0 then
  parts = {
    redis.call('ZMSCORE', key('schedule'), unpack(metered)),
    redis.call('HMGET', key('cursor'), unpack(metered)),
    redis.call('HMGET', key('last'), unpack(metered)),
  }
end
for at, id in ipairs(metered) do
  -- Records may be long, so they are not read. An older release may have removed a job, and left its id here.
  if parts[1][at] or redis.call('HEXISTS', key('jobs'), id) == 1 then
    add(id)
    for part = 1, 3 do add(parts[part][at]) end
  end
end
return reply
