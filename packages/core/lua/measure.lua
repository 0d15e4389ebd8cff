#!lua flags=no-writes
-- Measures a job store. Each command takes the same time however many jobs and runs there are.
-- USES  store, page, foreign, record
-- ARGV  now or '', how many jobs that ask for metrics of their own to tell of at most, then executors that the caller knows
-- Returns  now; for how many more ms the lock is held (below 0: by nobody), epoch (nil: none yet), 1 if paused; how many there are of
--          jobs, schedule, runs, outbox, leases, waiting, quarantine; first due instant, first instant in the outbox (nil where there is
--          none); how many types of events, then for each: type, counter; how many coordinators, then for each: id, what it showed;
--          how many workers, then for each: id, last sign of life, what it told; how many executors, then for each: alias, how many
--          deliveries wait, how many are taken, when the oldest that waits was queued (nil: none waits); how many jobs ask for
--          metrics of their own; then for each: id, due instant (nil: paused), fire time where it is another, packed last outcome
-- So many runs are looked at for executors that nobody knows.
local LOOKED = 20
-- So many deliveries go ahead of the others at most, and of so many priorities the oldest is looked for.
local AHEAD, PRIORITIES = 21, 16

local reply = { now }
local function tell(value) reply[#reply + 1] = value or false end
local function tellPairs(list)
  tell(#list / 2)
  for _, item in ipairs(list) do tell(item) end
end
tell(redis.call('PTTL', key('leader')))
tell(redis.call('GET', key('epoch')))
tell(redis.call('EXISTS', key('paused')))
tell(redis.call('HLEN', key('jobs')))
tell(redis.call('ZCARD', key('schedule')))
tell(redis.call('HLEN', key('runs')))
tell(redis.call('ZCARD', key('outbox')))
tell(redis.call('ZCARD', key('leases')))
tell(redis.call('HLEN', key('waiting')))
tell(redis.call('HLEN', key('quarantine')))
tell(redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2])
tell(redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2])
tellPairs(redis.call('HGETALL', key('seq')))
tellPairs(redis.call('HGETALL', key('coordinators')))

local executors, isKnown = {}, {}
local function know(executor)
  if type(executor) == 'string' and not isKnown[executor] then
    executors[#executors + 1], isKnown[executor] = executor, true
  end
end
local workers = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES')
tell(#workers / 2)
for at = 1, #workers, 2 do
  local json = redis.call('HGET', key('workers:info'), workers[at])
  tell(workers[at])
  tell(workers[at + 1])
  tell(json)
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

-- What BullMQ keeps of a queue, where it is of its type; else nil.
local function ofQueue(executor, part, command, ...)
  local found = redis.pcall(command, key('q:') .. executor .. ':' .. part, ...)
  return (type(found) ~= 'table' or not found.err) and found or nil
end

-- The last of what waits at priority 0 is taken first. Behind a few that went ahead, it is the oldest. At each other priority it is the first.
local function oldestOf(executor)
  local oldest
  local function look(id)
    local at = id and tonumber(ofQueue(executor, id, 'HGET', 'timestamp') or nil)
    if at and at < (oldest or at + 1) then oldest = at end
  end
  for _, id in ipairs(ofQueue(executor, 'wait', 'LRANGE', -AHEAD, -1) or {}) do look(id) end
  local from = '-inf'
  for _ = 1, PRIORITIES do
    local id, score = unpack(ofQueue(executor, 'prioritized', 'ZRANGE', from, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES') or {})
    if not id then break end
    look(id)
    from = string.format('%.0f', (math.floor(score / 4294967296) + 1) * 4294967296)
  end
  return oldest
end

tell(#executors)
for _, executor in ipairs(executors) do
  tell(executor)
  tell((ofQueue(executor, 'wait', 'LLEN') or 0) + (ofQueue(executor, 'prioritized', 'ZCARD') or 0))
  tell(ofQueue(executor, 'active', 'LLEN') or 0)
  tell(oldestOf(executor))
end

local metered = redis.pcall('ZRANGE', key('metered'), 0, ARGV[2] - 1)
if metered.err then metered = {} end
local count = redis.pcall('ZCARD', key('metered'))
tell(type(count) == 'number' and count or 0)
local parts = {}
if #metered > 0 then
  parts = {
    redis.call('ZMSCORE', key('schedule'), unpack(metered)),
    redis.call('HMGET', key('cursor'), unpack(metered)),
    redis.call('HMGET', key('last'), unpack(metered)),
  }
end
for at, id in ipairs(metered) do
  -- Records are not read: they may be long. A release before may have removed a job, and left it here.
  if parts[1][at] or redis.call('HEXISTS', key('jobs'), id) == 1 then
    tell(id)
    for part = 1, 3 do tell(parts[part][at]) end
  end
end
return reply
