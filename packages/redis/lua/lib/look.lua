-- What looks at a store return.

local reply = { now }
local function tell(value) reply[#reply + 1] = value or false end

-- For how many more ms the lock is held (below 0: by nobody), epoch (nil: none yet), 1 if paused; how many there are of jobs, schedule,
-- outbox, runs, leases, quarantine; first due instant, first instant in the outbox (nil where there is none).
local function tellStore()
  tell(redis.call('PTTL', key('leader')))
  tell(redis.call('GET', key('epoch')))
  tell(redis.call('EXISTS', key('paused')))
  tell(redis.call('HLEN', key('jobs')))
  tell(redis.call('ZCARD', key('schedule')))
  tell(redis.call('ZCARD', key('outbox')))
  tell(redis.call('HLEN', key('runs')))
  tell(redis.call('ZCARD', key('leases')))
  tell(redis.call('HLEN', key('quarantine')))
  tell(redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2])
  tell(redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2])
end

-- How many workers there are, then for each: id, last sign of life, what it reported. Answers what they reported.
local function tellWorkers()
  local known, infos = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES'), {}
  tell(#known / 2)
  for i = 1, #known, 2 do
    local info = redis.call('HGET', key('workers:info'), known[i])
    infos[#infos + 1] = info
    tell(known[i])
    tell(known[i + 1])
    tell(info)
  end
  return infos
end
