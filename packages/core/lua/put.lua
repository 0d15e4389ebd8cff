#!lua
-- Adds, replaces or removes jobs: all of them, or none if one is no longer what was read.
-- USES  store, types, aside, counters, publish
-- ARGV  now or '', id of this call, the time at which they were read, tombstones' life in ms, then for each job:
--       id, rev ('': there is none), due instant ('': not scheduled), tombstone ('': none), 'write' or 'remove',
--       digest (with 'remove': tombstone to leave, '': none), JSON, 'new' for a new generation, due instant ('': paused),
--       fire time, n, then n times: event, its body
-- Returns  'done' or 'changed'
local jobs, schedule, cursor, last, tomb = key('jobs'), key('schedule'), key('cursor'), key('last'), key('tomb:')
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return answered end
if now - tonumber(ARGV[3]) > 10000 then return 'changed' end

local changes, records, at = {}, {}, 5
while at <= #ARGV do
  local id, rev, due, grave = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local record = redis.call('HGET', jobs, id)
  if rev == '' then
    if record or (redis.call('GET', tomb .. id) or '') ~= grave then return 'changed' end
  elseif not record or record:match('^%d+') ~= rev or (redis.call('ZSCORE', schedule, id) or '') ~= due then
    return 'changed'
  end
  changes[#changes + 1], records[#changes + 1] = at, record
  at = at + 11 + 2 * ARGV[at + 10]
end

local rev, soonest = redis.pcall('INCRBY', key('rev'), #changes), nil
if type(rev) == 'table' then
  rev = countOn('rev', redis.call('GET', key('rev'))) + #changes
  redis.call('SET', key('rev'), string.format('%.0f', rev))
end
rev = rev - #changes
for i, at in ipairs(changes) do
  local id, action, due, fire = ARGV[at], ARGV[at + 4], ARGV[at + 8], ARGV[at + 9]
  rev = rev + 1
  if records[i] then redis.call('HDEL', cursor, id) end
  if ARGV[at + 3] ~= '' or action == 'remove' then redis.call('DEL', tomb .. id) end
  if action == 'remove' then
    redis.call('HDEL', jobs, id)
    redis.call('HDEL', last, id)
    if ARGV[at + 5] ~= '' then redis.call('SET', tomb .. id, ARGV[at + 5], 'PX', ARGV[4]) end
  else
    local generation = ARGV[at + 7] == 'new' and rev or records[i]:match('^%d+ (%d+)')
    redis.call('HSET', jobs, id, rev .. ' ' .. generation .. ' ' .. ARGV[at + 5] .. ' ' .. ARGV[at + 6])
  end
  if action == 'remove' or due == '' then
    redis.call('ZREM', schedule, id)
  else
    redis.call('ZADD', schedule, due, id)
    if due ~= fire then redis.call('HSET', cursor, id, fire) end
    soonest = math.min(soonest or tonumber(due), tonumber(due))
  end
  for event = at + 11, at + 9 + 2 * ARGV[at + 10], 2 do publish(ARGV[event], ARGV[event + 1]) end
end

redis.call('SET', op, 'done', 'PX', 60000)
local head = soonest and redis.call('ZRANGE', schedule, 0, 0, 'WITHSCORES')[2]
if head and tonumber(head) >= soonest then redis.call('PUBLISH', key('wakeup'), soonest) end
return 'done'
