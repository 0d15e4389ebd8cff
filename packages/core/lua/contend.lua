#!lua flags=allow-oom
-- Shows that a coordinator contends. Who has been silent for too long is forgotten.
-- USES  store
-- ARGV  now or '', coordinator id, for how long it is alive in ms, number of this showing, how many job stores it leads, its epoch here or ''
-- Returns  for each coordinator: id, number of its last showing, how many job stores it leads, '1' if it leads this one
local coordinators = key('coordinators')
redis.call('HSET', coordinators, ARGV[2], now + ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
local term = redis.call('EXISTS', key('leader')) == 1 and redis.call('GET', key('epoch'))
local all = redis.call('HGETALL', coordinators)
local reply = {}
for i = 1, #all, 2 do
  local alive, number, leads, epoch = all[i + 1]:match('^(%d+) (%d+) (%d+) (%d*)$')
  if alive and tonumber(alive) > now then
    for _, item in ipairs({ all[i], number, leads, epoch == term and '1' or '' }) do reply[#reply + 1] = item end
  else
    redis.call('HDEL', coordinators, all[i])
  end
end
return reply
