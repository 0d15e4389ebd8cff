-- The parts of replies that `inspect` and other scripts share.

local reply = { now }
local function add(value) reply[#reply + 1] = value or false end

-- Adds for how many more ms the lock is held (below 0: it is free), epoch (nil: none yet), 1 if paused; the numbers of jobs, schedule,
-- outbox, runs, leases, quarantine; first due instant, first instant in the outbox (nil if there is none).
local function addStore()
  add(redis.call('PTTL', key('leader')))
  add(redis.call('GET', key('epoch')))
  add(redis.call('EXISTS', key('paused')))
  add(redis.call('HLEN', key('jobs')))
  add(redis.call('ZCARD', key('schedule')))
  add(redis.call('ZCARD', key('outbox')))
  add(redis.call('HLEN', key('runs')))
  add(redis.call('ZCARD', key('leases')))
  add(redis.call('HLEN', key('quarantine')))
  add(redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2])
  add(redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2])
end

-- Adds how many workers there are, then for each: id, when it last showed that it is alive, what it reported. Returns what they reported.
local function addWorkers()
  local known, infos = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES'), {}
  add(#known / 2)
  for i = 1, #known, 2 do
    local info = redis.call('HGET', key('workers:info'), known[i])
    infos[#infos + 1] = info
    add(known[i])
    add(known[i + 1])
    add(info)
  end
  return infos
end
