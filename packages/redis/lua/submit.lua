#!lua
-- Enters a run without a leader, and publishes when it is due, so that the leader wakes in time. If the window of the run's key is open,
-- nothing is entered, and the id of the run that opened the window is returned.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', id of this call, run id, its state, its body, the key of its window ('': none), how long the window is open in ms, when
--       this clock was read for the call ('': any time)
-- Returns  'submitted', 'waiting', 'max_instances', 'stale' (the clock was read too long ago), or 'duplicate ' and the id of the run that
--          opened the window
local op, runId, state, body = key('op:') .. ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local windowKey, windowMs, readAt = ARGV[6], ARGV[7], ARGV[8]
local answer = redis.call('GET', op)
if answer then return answer end
-- The answer of a call is kept for a minute. A connection that comes back later than that sends the call again.
if readAt ~= '' and now - readAt > 10000 then return 'stale' end

local run = decode(state)
if not run then return redis.error_reply('ERR the state of run ' .. runId .. ' cannot be read') end

-- A window closes by the clock of the store. Its key expires a minute later.
local window = windowKey ~= '' and ownKey('dedupe:' .. windowKey, 'string')
local first, closes = ((window and redis.call('GET', window)) or ''):match('^([%w_-]+) (%d+)$')
if first and tonumber(closes) > now then
  answer = 'duplicate ' .. first
else
  answer = enter(runId, run, body)
  if answer == 'submitted' then redis.call('PUBLISH', channel('wakeup'), notBefore(run)) end
  if window and answer ~= 'max_instances' then
    redis.call('SET', window, ('%s %d'):format(runId, now + windowMs), 'PX', windowMs + 60000)
  end
end
redis.call('SET', op, answer, 'PX', 60000)
return flush(answer)
