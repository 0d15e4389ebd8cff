#!lua flags=allow-oom
-- Shows that a coordinator contends, and which formats it reads. Forgets coordinators that have been silent for too long. If the caller leads, sets
-- the format. Finds out whether the store was emptied since this coordinator saw it: its birth is not the one that the coordinator knows.
-- USES  store, readers, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', coordinator id, how long it counts as alive in ms, number of this showing, how many job stores it leads, its epoch here or
--       '', the birth of the store as it knows it or '', body of jobstore_emptied, a leader's limits for the accounts of jobs that have none
--       of their own ('': the default limits)
-- Returns  the birth of the store, then for each coordinator: id, number of its last showing, how many job stores it leads, '1' if
--          it leads this one
local coordinator, aliveMs, number, leads, epoch = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local knownBorn, emptied, limits = ARGV[7], ARGV[8], ARGV[9]
local refused = showReader('coordinator ' .. coordinator, aliveMs)
if refused then return refused end

local born = redis.call('GET', key('born'))
if not born then
  born = string.format('%.0f', now)
  redis.call('SET', key('born'), born)
  if knownBorn ~= '' then publish('jobstore_emptied', emptied) end
end

local coordinators = key('coordinators')
redis.call('HSET', coordinators, coordinator, now + aliveMs .. ' ' .. number .. ' ' .. leads .. ' ' .. epoch)
local term = redis.call('EXISTS', key('leader')) == 1 and redis.call('GET', key('epoch'))
if term and term == epoch then
  raiseFormat()
  setLimits('', limits ~= '' and limits or nil)
  redis.call('SET', key('led'), term .. ' ' .. nowText)
end
local all = redis.call('HGETALL', coordinators)
local reply = { born }
for i = 1, #all, 2 do
  local alive, shown, led, termOf = all[i + 1]:match('^(%d+) (%d+) (%d+) (%d*)$')
  if alive and tonumber(alive) > now then
    for _, item in ipairs({ all[i], shown, led, termOf == term and '1' or '' }) do reply[#reply + 1] = item end
  elseif not all[i + 1]:find('^v%d+ ') then
    redis.call('HDEL', coordinators, all[i])
  end
end
return flush(reply)
