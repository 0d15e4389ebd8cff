-- The outcomes of runs: they are published, kept for callers that ask later, and counted for the job.

-- Publishes an event of a run, and keeps its message if the outcomes of the run are kept.
local function publishKept(id, run, kind, body)
  local seq, age = publish(kind, body), run.history:match('^%d+')
  if not age then return end
  local result = ownKey('result:' .. id, 'string')
  redis.call('APPEND', result, messageOf(kind, seq, body) .. '\n')
  redis.call('PEXPIRE', result, age)
end

-- Adds a run that is over to the history of its job, and removes what is too old or too much there.
local function remember(id, run)
  local age, most = run.history:match('^(%d+)/?(%d*)$')
  if not age or run.job == '' then return end
  local history = ownKey('history:' .. run.job, 'zset')
  redis.call('ZADD', history, now, id)
  redis.call('ZREMRANGEBYSCORE', history, '-inf', now - age)
  redis.call('PEXPIRE', history, age)
  if most == '' then return end
  for _, old in ipairs(redis.call('ZRANGE', history, 0, -1 - most)) do
    redis.call('ZREM', history, old)
    redis.call('DEL', key('result:') .. old)
  end
end

-- Whether a caller asked for the run, independently of the trigger.
local function isAsked(run) return run.asked or (run.submission and run.submission:find('"asked":true', 1, true)) end

-- Writes the last outcome of a job, and how many there were. Both are removed with the job: if they exist, the job does.
local function count(run, outcome, fire)
  if run.job == '' then return end
  local last = get('last', run.job)
  local asked = isAsked(run)
  local regular = format >= 3 and last and outcome == 'executed' and not asked and goOn(run.job, last, fire)
  if regular then return set('last', run.job, regular) end
  local letter = LETTERS[outcome]
  if asked then letter = letter:upper() end
  if not last and redis.call('HEXISTS', key('jobs'), run.job) == 0 then return noteLate(run.job, letter, fire) end
  if format >= 3 then return set('last', run.job, noteExecution(run.job, letter, fire, last, outcome)) end
  local executed, errors = (last or ''):match('^%S+ %S+ %S+ (%d+) (%d+)$')
  executed = (executed or 0) + (outcome == 'executed' and 1 or 0)
  errors = (errors or 0) + (outcome == 'error' and 1 or 0)
  local how = outcome .. ' ' .. fire .. ' ' .. nowText
  if format >= 2 then how = LETTERS[outcome] .. ' ' .. fire .. ' ' .. string.format('%.0f', now - fire) end
  set('last', run.job, how .. ' ' .. executed .. ' ' .. errors)
end

-- Accounts for the fire times of a run that result in no execution: from index `from` up to, but without, index `to` (nil: all).
local function noteFires(run, letter, from, to)
  if isAsked(run) then letter = letter:upper() end
  for _, fire in ipairs(fires(run, from)) do
    if to and fire.index >= to then return end
    note(run.job, letter, fire.time)
  end
end

-- Failures are kept for longer than the log: a bounded number, of bounded bytes. A failure has what it takes to run it again, unless the body
-- of its run is larger than LARGE_BODY bytes.
local MOST_FAILURES, MOST_FAILURE_BYTES, LARGE_BODY = 10000, 16777216, 16384

-- The stream of failures, and the bytes of all that were ever written, from which its size follows. Read with the first failure of a call.
local failureStream, failureBytes, newFailures = nil, 0, 0

-- Drops failures that are too many, too large or too old: a few more at a time than there are new ones.
local function dropFailures(age)
  local function isTooMuch(entry, length)
    local fields, size = entry[2], 0
    for at = 2, #fields, 2 do size = size + (fields[at - 1] ~= 'bytes' and #fields[at] or 0) end
    local before = fields[3] == 'bytes' and tonumber(fields[4]) or 0
    return length > MOST_FAILURES or failureBytes - before + size > MOST_FAILURE_BYTES or writtenAt(fields[2]) < now - age
  end
  local length = redis.call('XLEN', failureStream)
  if not isTooMuch(redis.call('XRANGE', failureStream, '-', '+', 'COUNT', 1)[1], length) then return end
  local oldest, last = redis.call('XRANGE', failureStream, '-', '+', 'COUNT', newFailures + 10), 1
  while last < #oldest - 1 and isTooMuch(oldest[last + 1], length - last) do last = last + 1 end
  redis.call('XTRIM', failureStream, 'MINID', oldest[math.min(last + 1, #oldest)][1])
end

local writeOthers = onFlush
onFlush = function()
  writeOthers()
  if newFailures == 0 then return end
  local _, age = accountLimitsOf('')
  dropFailures(age)
  redis.call('PEXPIRE', failureStream, string.format('%.0f', age))
  newFailures = 0
end

-- Keeps a failure: its event, without its stack. A call without failures pays nothing for this.
local function noteFailure(id, event)
  local stack = event:find(',"stack":"', 1, true)
  local message = messageOf('job_error', known('job_error').seq, stack and event:sub(1, stack - 1) .. '}' or event)
  local run, body, again = read(id), get('bodies', id), {}
  if run and body and #body <= LARGE_BODY then
    again = { 'run', table.concat({ run.max, run.overlap, run.executor, run.priority, run.history }, ' '), 'body', body }
  end
  if not failureStream then
    failureStream = ownKey('failures', 'stream')
    local newest = redis.call('XREVRANGE', failureStream, '+', '-', 'COUNT', 1)[1]
    failureBytes = newest and newest[2][3] == 'bytes' and tonumber(newest[2][4]) or 0
  end
  failureBytes, newFailures = failureBytes + #message + #(again[2] or '') + #(again[4] or ''), newFailures + 1
  redis.call('XADD', failureStream, '*', 'event', message, 'bytes', string.format('%.0f', failureBytes), unpack(again))
end

-- Settles one fire time, and publishes its event with this body.
local function settleFire(id, run, outcome, fire, body)
  local event = outcome == 'executed' and 'job_executed' or outcome == 'error' and 'job_error' or 'job_cancelled'
  publishKept(id, run, event, body)
  if outcome == 'error' then noteFailure(id, body) end
  count(run, outcome, fire)
end

-- Keeps which caller asked to cancel a started run, as members of the event that reports its end: for a day at most.
local function noteAsker(id, by)
  if by ~= '' then redis.call('SET', ownKey('cancel:' .. id, 'string'), by, 'PX', 86400000) end
end

-- Returns these members, and removes them.
local function askerOf(id)
  local asker = ownKey('cancel:' .. id, 'string')
  local by = redis.call('GET', asker) or ''
  redis.call('DEL', asker)
  return by
end

-- Settles all fire times from this index on in the same way. `tail`: further members of their events.
local function settleRest(id, run, from, outcome, tail)
  if outcome == 'cancelled' and run.cancel == 'c' then tail = askerOf(id) end
  for _, fire in ipairs(fires(run, from)) do
    settleFire(id, run, outcome, fire.time, run.label .. ',"executionId":"' .. id .. '.' .. fire.index
      .. '","scheduledRunTime":' .. fire.time .. tail)
  end
end
