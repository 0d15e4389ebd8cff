#!lua
-- Settles a run that its queue refuses as an error, once for each fire time that is left. One that was started all the
-- same is let be: its queue had it.
-- KEYS  epoch, runs, outbox, instances, seq, events: (prefix)
-- ARGV  now or '', epoch, run id, delivery id, JSON of the error
-- Returns  'over' or 'done'
local epoch, runs, outbox, instances, seq, events = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
local id = ARGV[3]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local function publish(kind, body)
  local number = redis.call('HINCRBY', seq, kind, 1)
  redis.call('PUBLISH', events .. kind,
    '{"v":1,"seq":' .. number .. ',"type":"' .. kind .. '","at":' .. now .. ',' .. body .. '}')
end

local pattern = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%S+) (%S+) (%S+) ([^\n]*)(\n([^\n]*)\n.*)$'
local delivery, token, _, _, done, _, _, fires, job, _, label = (redis.call('HGET', runs, id) or ''):match(pattern)
if delivery ~= ARGV[4] or token ~= '-' then return 'done' end

local index = 0
for fire in fires:gmatch('(%-?%d+)%+%d+') do
  if index >= tonumber(done) then
    publish('job_error', label .. ',"executionId":"' .. id .. '.' .. index .. '","scheduledRunTime":' .. fire
      .. ',"error":' .. ARGV[5])
  end
  index = index + 1
end
redis.call('HDEL', runs, id)
redis.call('ZREM', outbox, id)
if job ~= '' and redis.call('HINCRBY', instances, job, -1) <= 0 then redis.call('HDEL', instances, job) end
return 'done'
