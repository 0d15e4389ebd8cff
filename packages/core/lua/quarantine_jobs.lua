#!lua flags=allow-oom
-- Moves records of jobs that cannot be read out of the way, as they are, with why. One that is due at another instant by now is
-- left alone.
-- USES  store, types, foreign, aside, counters, publish
-- ARGV  now or '', epoch, then for each: id as it was told, due instant, why, body of job_quarantined
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local function quarantine(name, due, why, body)
  local id = meant(name)
  local dueAt = redis.call('ZSCORE', key('schedule'), id)
  if tonumber(dueAt or 'nan') ~= tonumber(due) then return end

  local record = { why = why, raw = redis.call('HGET', key('jobs'), id) or cjson.null, dueAt = dueAt }
  record.fireTime = redis.call('HGET', key('cursor'), id) or nil
  record.last = redis.call('HGET', key('last'), id) or nil
  setAside(name, record)
  for _, part in ipairs({ 'jobs', 'cursor', 'last' }) do redis.call('HDEL', key(part), id) end
  redis.call('ZREM', key('schedule'), id)
  publish('job_quarantined', body)
end

for at = 3, #ARGV, 4 do quarantine(unpack(ARGV, at, at + 3)) end
return 'done'
