#!lua flags=allow-oom
-- Begins a term, if the lock is still held under this value. Epochs only grow, even if a failover lost the last one. If the term before ended
-- silently, the event says when its leader showed itself last.
-- USES  store, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', value of the lock, body of leader_elected without `epoch` and `formerAliveUntil`
-- Returns  the epoch, or nil if the lock has another value
if redis.call('GET', key('leader')) ~= ARGV[2] then return false end

local last = redis.call('GET', key('epoch')) or '0'
if not isCount(last) then setAside('epoch', { why = 'it is not a count', raw = last }) end
local epoch = isCount(last) and math.max(tonumber(last) + 1, now) or now
redis.call('SET', key('epoch'), epoch)
local led = redis.pcall('GET', key('led'))
local former, aliveUntil = (type(led) == 'string' and led or ''):match('^(%d+) (%d+)$')
redis.call('SET', key('led'), string.format('%.0f', epoch) .. ' ' .. nowText)
publish('leader_elected', ARGV[3] .. ',"epoch":' .. epoch .. (former == last and ',"formerAliveUntil":' .. aliveUntil or ''))
return flush(epoch)
