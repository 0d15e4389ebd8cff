#!lua flags=allow-oom
-- Shows that a coordinator contends, and what it reads. Coordinators that have been silent for too long are forgotten. A leader sets the
-- format. Finds out whether the store was emptied since this coordinator saw it: then what marks its birth is gone, or another.
-- USES  store, readers, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', coordinator id, for how long it is alive in ms, number of this showing, how many job stores it leads, its epoch here
--       or '', the birth of the store as it knows it or '', body of jobstore_emptied, limits of the accounts of
--       jobs that say none, as a leader has them ('': as usual)
-- Returns  the birth of the store, then for each coordinator: id, number of its last showing, how many job stores it leads, '1' if
--          it leads this one
local refused = showReader('coordinator ' .. ARGV[2], ARGV[3])
if refused then return refused end

local born = redis.call('GET', key('born'))
if not born then
  born = string.format('%.0f', now)
  redis.call('SET', key('born'), born)
  if ARGV[7] ~= '' then publish('jobstore_emptied', ARGV[8]) end
end

local coordinators = key('coordinators')
redis.call('HSET', coordinators, ARGV[2], now + ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
local term = redis.call('EXISTS', key('leader')) == 1 and redis.call('GET', key('epoch'))
if term and term == ARGV[6] then
  raiseFormat()
  setLimits('', ARGV[9] ~= '' and ARGV[9] or nil)
  redis.call('SET', key('led'), term .. ' ' .. nowText)
end
local all = redis.call('HGETALL', coordinators)
local reply = { born }
for i = 1, #all, 2 do
  local alive, number, leads, epoch = all[i + 1]:match('^(%d+) (%d+) (%d+) (%d*)$')
  if alive and tonumber(alive) > now then
    for _, item in ipairs({ all[i], number, leads, epoch == term and '1' or '' }) do reply[#reply + 1] = item end
  elseif not all[i + 1]:find('^v%d+ ') then
    redis.call('HDEL', coordinators, all[i])
  end
end
return flush(reply)
