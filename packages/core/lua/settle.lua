#!lua flags=allow-oom
-- Settles executions: the outcome is published and kept; a run's last one takes it out of the ledger.
-- KEYS  runs, leases, instances, last, jobs, seq, events: (prefix), op
-- ARGV  now or '', then for each execution: run id, token, index, 'executed' or 'error', event, its body
-- Returns  'settled' or 'void' for each
local runs, leases, instances, last, jobs, seq, events, op = unpack(KEYS)
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

local answered = redis.call('GET', op)
if answered then return cjson.decode(answered) end

local pattern = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%S+) (%S+) (%S+) ([^\n]*)(\n([^\n]*)\n.*)$'
local function settle(id, token, index, outcome, event, body)
  local record = redis.call('HGET', runs, id)
  local delivery, held, starts, _, done, grace, executor, fires, job, rest = (record or ''):match(pattern)
  if held ~= token or done ~= index then return 'void' end

  publish(event, body)
  local total = 0
  local settled
  for fire in fires:gmatch('(%-?%d+)%+%d+') do
    if total == tonumber(index) then settled = fire end
    total = total + 1
  end
  if job ~= '' and redis.call('HEXISTS', jobs, job) == 1 then
    local executed, errors = (redis.call('HGET', last, job) or ''):match('(%d+) (%d+)$')
    executed = (executed or 0) + (outcome == 'executed' and 1 or 0)
    errors = (errors or 0) + (outcome == 'error' and 1 or 0)
    redis.call('HSET', last, job, table.concat({ outcome, settled, now, executed, errors }, ' '))
  end
  if done + 1 < total then
    local header = { delivery, held, starts, 0, done + 1, grace, executor, fires, job }
    redis.call('HSET', runs, id, table.concat(header, ' ') .. rest)
  else
    redis.call('HDEL', runs, id)
    redis.call('ZREM', leases, id)
    if job ~= '' and redis.call('HINCRBY', instances, job, -1) <= 0 then redis.call('HDEL', instances, job) end
  end
  return 'settled'
end

local reply = {}
for at = 2, #ARGV, 6 do reply[#reply + 1] = settle(unpack(ARGV, at, at + 5)) end
redis.call('SET', op, cjson.encode(reply), 'PX', 60000)
return reply
