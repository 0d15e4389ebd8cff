#!lua
-- Adds one new job with few commands in the usual case. In any other case it writes nothing, and `add` does the work.
-- USES  store
-- ARGV  now or '', id of this call, the time at which the job was read, then of the job: its id, `<digest> <JSON>`, due instant, which is its
--       fire time, body of job_added
-- Returns  'changed', 'stale' or 'done', as `add` does; 'other': this is not the usual case
local op, log = key('op:') .. ARGV[2], key('log')
local id, record, due, added = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local answered = redis.call('GET', op)
if answered then return answered end
if now - tonumber(ARGV[3]) > 10000 then return 'stale' end
if redis.call('HEXISTS', key('jobs'), id) == 1 then return 'changed' end

local seq = redis.call('HGET', key('seq'), 'job_added') or '0'
local isUsual = #seq < 15 and seq:find('^%d+$') and type(redis.pcall('XLEN', log)) == 'number'
if not isUsual or redis.call('EXISTS', key('tomb:') .. id, key('held'), key('accounts:limits')) > 0 then return 'other' end
local head = redis.call('ZRANGE', key('schedule'), 0, 0, 'WITHSCORES')[2]
local rev = redis.pcall('INCR', key('rev'))
if type(rev) == 'table' then return 'other' end
-- The new job continues the account that is kept of an earlier job of its id.
if rev > 99999999999999 or type(redis.pcall('ZREM', key('accounts:gone'), id)) == 'table' then
  redis.call('DECR', key('rev'))
  return 'other'
end

local revText = rev .. ' '
redis.call('HSET', key('jobs'), id, revText .. revText .. record)
redis.call('ZADD', key('schedule'), due, id)
seq = string.format('%.0f', seq + 1)
redis.call('HSET', key('seq'), 'job_added', seq)
local event = '{"v":1,"seq":' .. seq .. ',"type":"job_added","at":' .. nowText .. ',' .. added .. '}'
redis.call('PUBLISH', channel('events:') .. 'job_added', event)
redis.call('XADD', log, 'MAXLEN', '~', 20000, '*', 'event', event)
redis.call('SET', op, 'done', 'PX', 60000)
if not head or tonumber(head) >= tonumber(due) then redis.call('PUBLISH', channel('wakeup'), tonumber(due)) end
return 'done'
