-- The state of a run in the ledger, as in core/src/run/record.ts. The values in its table are strings.

-- The part that changes; then the checksum of the part that never changes; then when the first start may be too late, and the run's label.
local HEAD = '^1 (%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c]) (%x+)() (%S+)\n([^\n]*)'
local POLICY = '^ %S+\n[^\n]*\n(%S+) (%d+) (%l+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)\n([^\n]*)$'

-- The beginning of the state of a run that has lost no worker, was not tried again, and has settled nothing.
local function beginningOf(delivery, token, starts) return '1 ' .. delivery .. ' ' .. token .. ' ' .. starts .. ' 0 0 0 - ' end

-- Whether a run of this state is to be started under this delivery.
local function isOfDelivery(delivery, text) return text:sub(1, #delivery + 3) == '1 ' .. delivery .. ' ' end

-- The token of the last start, how many fire times are settled, and 'c' if the run is to be cancelled.
local function holderOf(text) return text:match('^1 %S+ (%S+) %d+ %d+ %d+ (%d+) ([-c]) ') end

-- What follows the delivery in the state of a run whose first start has this token. Such a run has lost no worker, was not tried again, has
-- settled nothing, and is not to be cancelled.
local function firstStartOf(token) return ' ' .. token .. ' 1 0 0 0 - ' end

-- Whether this text follows the delivery in a state.
local function beginsBehindDelivery(text, state)
  local blank = state:sub(1, 2) == '1 ' and state:find(' ', 3, true)
  return blank and state:sub(blank, blank + #text - 1) == text
end

-- Of the part under the checksum: when the first start may be too late, and the run's label.
local function beginningOfFixed(fixed)
  local line = fixed:find('\n', 1, true)
  local following = line and fixed:find('\n', line + 1, true)
  if following then return fixed:sub(2, line - 1), fixed:sub(line + 1, following - 1) end
end

-- How many fire times a run has.
local function countFires(fires) return select(2, fires:gsub('+', '')) end

-- The part of a run that changes, and what else its start needs; nil if it cannot be read. The checksum shows that the other part is as it
-- was written, so nothing else of that is checked.
local function headOf(text)
  local delivery, token, starts, losses, tries, done, cancel, sum, at, late, label = text:match(HEAD)
  if not delivery then return nil end
  local fixed = text:sub(at)
  if redis.sha1hex(fixed):sub(1, 8) ~= sum then return nil end
  return { delivery = delivery, token = token, starts = starts, losses = losses, tries = tries, done = done,
    cancel = cancel, sum = sum, fixed = fixed, late = late, label = label }
end

-- The whole state of a run; nil if it cannot be read.
local function decode(text)
  local run = text and headOf(text)
  if not run then return nil end
  run.grace, run.max, run.overlap, run.executor, run.priority, run.history, run.fires, run.job, run.submission =
    run.fixed:match(POLICY)
  if not run.grace then return nil end
  -- No checksum covers the part that changes.
  local counts = table.concat({ run.starts, run.losses, run.tries, run.done }, ' ')
  if counts:find('%f[%d]0%d') or counts:find('%d%d%d%d%d%d%d%d%d%d') then return nil end
  return tonumber(run.done) < countFires(run.fires) and run or nil
end

local function encode(run)
  return '1 ' .. run.delivery .. ' ' .. run.token .. ' ' .. run.starts .. ' ' .. run.losses .. ' ' .. run.tries .. ' '
    .. run.done .. ' ' .. run.cancel .. ' ' .. run.sum .. run.fixed
end
