-- A run's record, as src/run/record.ts has it. What a table of it holds are strings.
local RUN = '^(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c])() (%S+) (%d+) (%l+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)'
  .. '\n([^\n]*)\n([^\n]*)\n'
-- BullMQ's.
local MAX_PRIORITY = 2097151
local OVERLAPS = { skip = true, queue = true, replace = true }

-- A number of so many digits may be no instant; of one more, it is none.
local SIXTEEN = '%f[%d]%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d'
local SEVENTEEN = SIXTEEN .. '%d'

-- How many fire times these are; 0, where any of them is none.
local function countFires(text)
  local rest, count = text:gsub('%-?%d+%+%d+', '')
  if rest ~= (','):rep(count - 1) then return 0 end
  if not text:find(SIXTEEN) then return count end
  for fire, delay in text:gmatch('(%-?%d+)%+(%d+)') do
    if math.abs(fire) > LAST_INSTANT or fire + delay > LAST_INSTANT then return 0 end
  end
  return count
end

local function isJson(members) return (pcall(cjson.decode, '{' .. members .. '}')) end

-- nil, where the record cannot be read.
local function decode(record)
  local delivery, token, starts, losses, tries, done, cancel, policyAt, grace, max, overlap, executor, priority, history,
    fires, job, label, submission = string.match(record or '', RUN)
  if not delivery or not OVERLAPS[overlap] or executor:find('[^%w._-]') then return nil end
  if grace ~= '-' and not grace:find('^%d+$') then return nil end
  if history ~= '-' and not history:find('^%d+$') and not history:find('^%d+/%d+$') then return nil end
  local numbers = table.concat({ starts, losses, tries, done, grace, max, priority, history, fires }, ' ')
  if numbers:find('%f[%d]0%d') or numbers:find(SEVENTEEN) or tonumber(done) >= countFires(fires) then return nil end
  if tonumber(priority) > MAX_PRIORITY or (job ~= '' and tonumber(max) < 1) then return nil end
  if not isJson(label .. ',' .. submission) then return nil end
  return { delivery = delivery, token = token, starts = starts, losses = losses, tries = tries, done = done,
    cancel = cancel, grace = grace, max = max, overlap = overlap, executor = executor, priority = priority,
    history = history, fires = fires, job = job, label = label, submission = submission,
    record = record, policyAt = policyAt }
end
