-- The state of a run in the ledger, as core/src/run/record.ts has it. What a table of it holds are strings.

-- What changes; then the sum of what never does, and when the first start may come too late, and what events have of the run.
local HEAD = '^1 (%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c]) (%x+)() (%S+)\n([^\n]*)'
local POLICY = '^ %S+\n[^\n]*\n(%S+) (%d+) (%l+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)\n([^\n]*)$'

-- How the state begins of a run that has lost no worker, was not tried again, and has settled nothing.
local function beginningOf(delivery, token, starts) return '1 ' .. delivery .. ' ' .. token .. ' ' .. starts .. ' 0 0 0 - ' end

-- Whether it is to be started under this delivery.
local function isOfDelivery(delivery, text) return text:sub(1, #delivery + 3) == '1 ' .. delivery .. ' ' end

-- The token of its last start, how many fire times are settled, and 'c' where it is to be cancelled.
local function holderOf(text) return text:match('^1 %S+ (%S+) %d+ %d+ %d+ (%d+) ([-c]) ') end

-- How a state goes on behind its delivery, of a run whose first start has this token, which lost no worker, was not tried again, has settled
-- nothing, and is not to be cancelled.
local function firstStartOf(token) return ' ' .. token .. ' 1 0 0 0 - ' end

-- Whether a state goes on so.
local function beginsBehindDelivery(text, state)
  local blank = state:sub(1, 2) == '1 ' and state:find(' ', 3, true)
  return blank and state:sub(blank, blank + #text - 1) == text
end

-- Of the part under the sum: when the first start may come too late, and what events have of the run.
local function beginningOfFixed(fixed)
  local line = fixed:find('\n', 1, true)
  local following = line and fixed:find('\n', line + 1, true)
  if following then return fixed:sub(2, line - 1), fixed:sub(line + 1, following - 1) end
end

-- How many fire times there are.
local function countFires(fires) return select(2, fires:gsub('+', '')) end

-- What changes of a run, and what else its start needs; nil, where it cannot be read. The sum says that the rest is as it was written:
-- nothing else of it is checked.
local function headOf(text)
  local delivery, token, starts, losses, tries, done, cancel, sum, at, late, label = text:match(HEAD)
  if not delivery then return nil end
  local fixed = text:sub(at)
  if redis.sha1hex(fixed):sub(1, 8) ~= sum then return nil end
  return { delivery = delivery, token = token, starts = starts, losses = losses, tries = tries, done = done,
    cancel = cancel, sum = sum, fixed = fixed, late = late, label = label }
end

-- The whole of it; nil, where it cannot be read.
local function decode(text)
  local run = text and headOf(text)
  if not run then return nil end
  run.grace, run.max, run.overlap, run.executor, run.priority, run.history, run.fires, run.job, run.submission =
    run.fixed:match(POLICY)
  if not run.grace then return nil end
  -- No sum is over what changes.
  local counts = table.concat({ run.starts, run.losses, run.tries, run.done }, ' ')
  if counts:find('%f[%d]0%d') or counts:find('%d%d%d%d%d%d%d%d%d%d') then return nil end
  return tonumber(run.done) < countFires(run.fires) and run or nil
end

local function encode(run)
  return '1 ' .. run.delivery .. ' ' .. run.token .. ' ' .. run.starts .. ' ' .. run.losses .. ' ' .. run.tries .. ' '
    .. run.done .. ' ' .. run.cancel .. ' ' .. run.sum .. run.fixed
end
