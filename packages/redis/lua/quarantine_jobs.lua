#!lua flags=allow-oom
-- Moves unreadable jobs to quarantine, each record unchanged and with the reason. Leaves a job alone if it was changed, or if it is due at
-- another instant by now.
-- USES  store, types, commands, page, foreign, metered, header, aside, counters, bounded, publish, account
-- ARGV  now or '', epoch, then for each: id as it was returned, due instant, rev ('' if its header could not be read), why, body of
--       job_quarantined
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

-- If the header could not be read, the rev is not known. The job was changed if its header can be read now.
local function isUnchanged(record, rev)
  if rev == '' then return not (record and isReadable(record)) end
  return record and record:sub(1, #rev + 1) == rev .. ' '
end

local function quarantine(name, due, rev, why, body)
  local id = meant(name)
  local dueAt = redis.call('ZSCORE', key('schedule'), id)
  local raw = redis.call('HGET', key('jobs'), id)
  if isNewer(raw) then return end
  if tonumber(dueAt or 'nan') ~= tonumber(due) or not isUnchanged(raw, rev) then return end

  local record = { why = why, raw = raw or cjson.null, dueAt = dueAt }
  record.fireTime = redis.call('HGET', key('cursor'), id) or nil
  local last = get('last', id)
  record.last = last and withoutStretches(last) or nil
  setAside(name, record)
  local owed = tonumber(record.fireTime or dueAt)
  noteEnd(id, last, raw, '{"what":"quarantined","owed":' .. (owed and string.format('%.0f', owed) or 'null') .. '}')
  set('last', id, false)
  for _, part in ipairs({ 'jobs', 'cursor' }) do redis.call('HDEL', key(part), id) end
  redis.call('ZREM', key('schedule'), id)
  meter(id, raw, false)
  publish('job_quarantined', body)
end

for at = 3, #ARGV, 5 do quarantine(unpack(ARGV, at, at + 4)) end
return flush('done')
