#!lua
-- Moves a record that cannot be read out of the way, as it is, with why.
-- KEYS  epoch, jobs or runs, schedule or outbox, cursor or leases, last, quarantine, seq, events: (prefix)
-- ARGV  now or '', epoch, id, due instant of a job ('': a run), why, body of job_quarantined
-- Returns  'over' or 'done'
local epoch, records, queue, beside, last, quarantine, seq, events = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
local id, due = ARGV[3], ARGV[4]
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

local score = redis.call('ZSCORE', queue, id)
if not score or (due ~= '' and score ~= due) then return 'done' end
local record = redis.call('HGET', records, id)
redis.call('HSET', quarantine, id, cjson.encode({ why = ARGV[5], at = now, raw = record or cjson.null }))
redis.call('HDEL', records, id)
redis.call('ZREM', queue, id)
redis.call(due ~= '' and 'HDEL' or 'ZREM', beside, id)
if due ~= '' then redis.call('HDEL', last, id) end
publish('job_quarantined', ARGV[6])
return 'done'
