-- A run's record, as src/run/record.ts has it: read into a table, written back.
local RUN = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c]) (%S+) (%d+) (%S+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)'
  .. '\n([^\n]*)\n([^\n]*)\n(.*)$'

-- nil, where the record cannot be read.
local function decode(record)
  local run = {}
  run.delivery, run.token, run.starts, run.losses, run.tries, run.done, run.cancel, run.grace, run.max, run.overlap,
    run.executor, run.priority, run.history, run.fires, run.job, run.label, run.submission, run.json = (record or ''):match(RUN)
  if not run.delivery then return nil end
  for _, number in ipairs({ 'starts', 'losses', 'tries', 'done', 'max' }) do run[number] = tonumber(run[number]) end
  return run
end

local function encode(run)
  return table.concat({ run.delivery, run.token, run.starts, run.losses, run.tries, run.done, run.cancel, run.grace, run.max,
    run.overlap, run.executor, run.priority, run.history, run.fires, run.job }, ' ')
    .. '\n' .. run.label .. '\n' .. run.submission .. '\n' .. run.json
end

local function read(id) return decode(redis.call('HGET', key('runs'), id)) end

local function write(id, run) redis.call('HSET', key('runs'), id, encode(run)) end

-- Its fire times, oldest first, from the one of this index on (0: all): each with its index and when it was due.
local function fires(run, from)
  local list, index = {}, 0
  for fire, delay in run.fires:gmatch('(%-?%d+)%+(%d+)') do
    if index >= from then list[#list + 1] = { index = index, time = fire, due = fire + delay } end
    index = index + 1
  end
  return list
end
