-- A run's record, as src/run/record.ts has it. What a table of it holds are strings.
local RUN = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c])() (%S+) (%d+) (%l+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)'
  .. '\n([^\n]*)\n([^\n]*)\n'
local OVERLAPS = { skip = true, queue = true, replace = true }

-- nil, where the record cannot be read.
local function decode(record)
  local delivery, token, starts, losses, tries, done, cancel, policyAt, grace, max, overlap, executor, priority, history,
    fires, job, label, submission = string.match(record or '', RUN)
  if not delivery or not OVERLAPS[overlap] or (grace ~= '-' and not grace:find('^%d+$')) then return nil end
  if string.gsub(',' .. fires, ',%-?%d+%+%d+', '') ~= '' then return nil end
  return { delivery = delivery, token = token, starts = starts, losses = losses, tries = tries, done = done,
    cancel = cancel, grace = grace, max = max, overlap = overlap, executor = executor, priority = priority,
    history = history, fires = fires, job = job, label = label, submission = submission,
    record = record, policyAt = policyAt }
end

local function read(id) return decode(redis.call('HGET', key('runs'), id)) end

-- Only what stands before the policy ever changes.
local function write(id, run)
  local head = table.concat({ run.delivery, run.token, run.starts, run.losses, run.tries, run.done, run.cancel }, ' ')
  run.record, run.policyAt = head .. run.record:sub(run.policyAt), #head + 1
  redis.call('HSET', key('runs'), id, run.record)
end

-- Its fire times, oldest first, from the one of this index on (0: all): each with its index and when it was due.
local function fires(run, from)
  local list, index = {}, 0
  from = tonumber(from)
  for fire, delay in run.fires:gmatch('(%-?%d+)%+(%d+)') do
    if index >= from then list[#list + 1] = { index = index, time = fire, due = fire + delay } end
    index = index + 1
  end
  return list
end
