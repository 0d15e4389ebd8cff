-- The accounts of jobs (docs/decisions/0014-the-account.md), which are kept from format 3 on. `last` has the regular part of a job's account.
-- A list for each job has the rest.

-- Returns a function that remembers its results as long as the script runs. That costs less than to convert a number or a text again, because
-- many jobs of a page have the same instants and counts.
local function remembered(make)
  local made = {}
  return function(text)
    local value = made[text]
    if not value then
      value = make(text)
      made[text] = value
    end
    return value
  end
end
local numberOf = remembered(tonumber)
-- How late a fire time is now, in ms, as a text.
local lateOf = remembered(function(fire) return string.format('%.0f', now - fire) end)
local oneMoreThan = remembered(function(count) return tostring(count + 1) end)
local wholeText = remembered(function(number) return string.format('%.0f', number) end)

-- The most removed jobs whose accounts are kept.
local MOST_GONE = 10000

local LETTERS = { executed = 'x', error = 'e', cancelled = 'c' }
local KINDS = { 'x', 'e', 'c', 'i', 'm', 'X', 'E', 'C', 'I', 'M' }

-- Jobs that are gone, and whose lists got entries since the last `writeGone`.
local newlyGone, isNewlyGone = {}, {}

-- Forgets the jobs that have been gone for too long. If too many are left, forgets those that have been gone for longest.
local function forgetGone(gone)
  local _, age = accountLimitsOf('')
  if hasLimits() then
    -- The limits of these jobs are removed with them, at most `MOST_ARGUMENTS` jobs at a time.
    local old = redis.call('ZRANGE', gone, '-inf', now - age, 'BYSCORE', 'LIMIT', 0, MOST_ARGUMENTS)
    for _, job in ipairs(old) do setLimits(job) end
    if #old > 0 then redis.call('ZREM', gone, unpack(old)) end
  else
    redis.call('ZREMRANGEBYSCORE', gone, '-inf', now - age)
  end
  local tooMany = redis.call('ZCARD', gone) - MOST_GONE
  while tooMany > 0 do
    local oldest, lists = redis.call('ZPOPMIN', gone, math.min(tooMany, MOST_ARGUMENTS)), {}
    for at = 1, #oldest, 2 do
      lists[#lists + 1] = key('account:' .. oldest[at])
      setLimits(oldest[at])
    end
    redis.call('UNLINK', unpack(lists))
    redis.call('SET', key('accounts:forgotten'), oldest[#oldest])
    tooMany = tooMany - #lists
  end
end

local function writeGone()
  local members = {}
  for _, job in ipairs(newlyGone) do
    if isNewlyGone[job] then members[#members + 1], members[#members + 2] = nowText, job end
  end
  newlyGone, isNewlyGone = {}, {}
  if #members == 0 then return end
  local gone = ownKey('accounts:gone', 'zset')
  for from = 1, #members, MOST_ARGUMENTS do
    redis.call('ZADD', gone, 'NX', unpack(members, from, math.min(from + MOST_ARGUMENTS - 1, #members)))
  end
  forgetGone(gone)
end
local writeEvents = onFlush
onFlush = function()
  writeEvents()
  writeGone()
end

-- Appends entries to the list of a job. The list expires once the last entry is too old.
local function appendOf(job, entries, isGone)
  local most, age = accountLimitsOf(job)
  local list = append('account:' .. job, entries, most, age)
  if isGone then
    local _, longest = accountLimitsOf('')
    age = math.min(age, longest)
    if not isNewlyGone[job] then newlyGone[#newlyGone + 1], isNewlyGone[job] = job, true end
  end
  redis.call('PEXPIRE', list, wholeText(age))
end

local function textOf(letter, stretch)
  return letter .. stretch.first .. '+' .. string.format('%.0f', stretch.step) .. '*' .. string.format('%.0f', stretch.count)
    .. '~' .. stretch.slowest
end

-- Reads a text of `last`, in any format. Returns what it holds, and whether all of it could be read. It holds the letter, fire time and
-- lateness of the last execution ('-': there was none), counts, and the open stretches by their letters. The stretch of the last execution is
-- stored without a count, because it ends with the fire time of that execution.
local function readLast(text)
  local letter, fire, late, stretches, executed, errors = text:match('^(%S+) (%S+) (%-?%d*)(%S*) (%d+) (%d+)$')
  local last = { letter = letter or '-', fire = fire, late = late, executed = executed or 0, errors = errors or 0, open = {} }
  local isSound = letter ~= nil
  -- In format 1 the letter is a word, and the lateness is an instant.
  local short = LETTERS[letter]
  if short then last.letter, last.late = short, string.format('%.0f', late - fire) end
  for stretch in (stretches or ''):gmatch(',([^,]*)') do
    local kind, first, step, count, slowest = stretch:match('^(%a)(%-?%d+)%+(%d+)%*?(%d*)~(%d+)$')
    local ends = tonumber(fire)
    if count == '' and ends then count = step == '0' and 1 or (ends - first) / step + 1 end
    count = tonumber(count)
    -- No instant has this number of digits. Each letter has one stretch.
    local isSane = kind and #stretch < 80 and not stretch:find('%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d%d') and not last.open[kind]
    if isSane and count and count >= 1 and count % 1 == 0 and ('xecimXECIM'):find(kind, 1, true) then
      last.open[kind] = { first = first, step = tonumber(step), count = count, slowest = slowest }
    else
      isSound = false
    end
  end
  return last, isSound
end

local function writeLast(last)
  local parts = { last.letter, ' ', last.fire or '-', ' ', last.late or '-' }
  local front = last.open[last.letter]
  if front then
    local step = string.format('%.0f', front.step)
    parts[#parts + 1] = ',' .. last.letter .. front.first .. '+' .. step .. '~' .. front.slowest
  end
  for _, kind in ipairs(KINDS) do
    local stretch = kind ~= last.letter and last.open[kind]
    if stretch then parts[#parts + 1] = ',' .. textOf(kind, stretch) end
  end
  return table.concat(parts) .. ' ' .. last.executed .. ' ' .. last.errors
end

-- Adds a fire time to the open stretch of its letter, or opens another stretch with it. Returns the stretch that this closes.
local function extend(open, letter, fire)
  local stretch, late = open[letter], math.max(0, now - fire)
  if stretch then
    local gap = fire - (stretch.first + stretch.step * (stretch.count - 1))
    if gap > 0 and gap < 9007199254740992 and (gap == stretch.step or stretch.step == 0) then
      stretch.step, stretch.count = gap, stretch.count + 1
      if late > tonumber(stretch.slowest) then stretch.slowest = string.format('%.0f', late) end
      return nil
    end
  end
  open[letter] = { first = fire, step = 0, count = 1, slowest = string.format('%.0f', late) }
  return stretch
end

-- Returns what `last` holds of a job. If some of it cannot be read, its text is kept in quarantine.
local function lastOf(job, text)
  local last, isSound = readLast(text or '- - - 0 0')
  if not isSound then setAside('last:' .. job, { why = 'it is not a last outcome', raw = text }) end
  return last
end

-- Adds a fire time of a job to the open stretch of its letter, or closes that stretch and opens another.
local function account(job, last, letter, fire)
  local closed = extend(last.open, letter, fire)
  if closed then appendOf(job, { 's' .. nowText .. ' ' .. textOf(letter, closed) }, false) end
end

-- Accounts for a fire time of a job that is gone.
local function noteLate(job, letter, fire)
  if format < 3 then return end
  local late = numberOf(fire) < now and lateOf(fire) or '0'
  appendOf(job, { 's' .. nowText .. ' ' .. letter .. fire .. '+0*1~' .. late }, true)
end

local function isThere(job)
  local record = valuesOf('jobs')[job]
  if record ~= nil then return record end
  return get('last', job) or redis.call('HEXISTS', key('jobs'), job) == 1
end

-- Accounts for a fire time that results in no execution.
local function note(job, letter, fire)
  if format < 3 or job == '' then return end
  if not isThere(job) then return noteLate(job, letter, fire) end
  local last = lastOf(job, get('last', job))
  account(job, last, letter, fire)
  set('last', job, writeLast(last))
end

-- Accounts for coalesced fire times of a job that is not gone. `range` is `F-L>T`: those from F to L were coalesced into T, the fire time
-- of the run.
local function noteCoalesced(job, range)
  if format >= 3 then appendOf(job, { 's' .. nowText .. ' o' .. range }, false) end
end

-- Accounts for all fire times of a trigger from `first` to `last` that result in no execution. `isKnown`: the job is known to be there.
local function noteRange(job, letter, first, last, isKnown)
  if format < 3 or job == '' then return end
  if first == last then return note(job, letter, first) end
  appendOf(job, { 's' .. nowText .. ' ' .. letter .. first .. '-' .. last }, not (isKnown or isThere(job)))
end

-- The same for the fire times that the body of an event reports.
local function noteEvent(job, letter, body, isKnown)
  local first, last = body:match('"first":(%-?%d+),"last":(%-?%d+)')
  if first then noteRange(job, letter, first, last, isKnown) end
end

-- Accounts for an execution. Returns the new text of `last`.
local function noteExecution(job, letter, fire, text, outcome)
  local last = lastOf(job, text)
  account(job, last, letter, fire)
  last.letter, last.fire, last.late = letter, fire, string.format('%.0f', now - fire)
  last.executed = last.executed + (outcome == 'executed' and 1 or 0)
  last.errors = last.errors + (outcome == 'error' and 1 or 0)
  return writeLast(last)
end

-- Does the same as `noteExecution`, faster, if the last execution of the job and this one succeeded. The distances of fire times are usually equal.
-- If more jobs are due than can be done, each distance may differ from the one before. Returns the new text of `last`; nil in any other case.
local function goOn(job, text, fire)
  local before, first, step, slowest, others, executed, errors =
    text:match('^x (%-?%d+) %-?%d+,x(%-?%d+)%+(%d+)~(%d+)(%S*) (%d+)( %d+)$')
  local late, gap, length = lateOf(fire), before and numberOf(fire) - numberOf(before), before and numberOf(step)
  if not before or gap <= 0 or gap >= 9007199254740992 then return nil end
  if gap == length or (step == '0' and first == before) then
    if gap ~= length then step = wholeText(gap) end
    if numberOf(late) > numberOf(slowest) then slowest = late end
  else
    local count = (numberOf(before) - numberOf(first)) / length + 1
    -- No instant or distance has more digits.
    if not (count >= 1 and count % 1 == 0) or #first > 16 or #step > 16 or #slowest > 16 then return nil end
    appendOf(job, { 's' .. nowText .. ' x' .. first .. '+' .. step .. '*' .. wholeText(count) .. '~' .. slowest }, false)
    first, step, slowest = fire, '0', numberOf(late) > 0 and late or '0'
  end
  return 'x ' .. fire .. ' ' .. late .. ',x' .. first .. '+' .. step .. '~' .. slowest .. others .. ' ' .. oneMoreThan(executed) .. errors
end

-- Returns the text of `last` without its open stretches: they are closed, and later fire times open others.
local function withoutStretches(text) return (text:gsub('^(%S+ %S+ %-?%d*)%S* (%d+ %d+)$', '%1 %2')) end

-- Accounts for a job that is gone: closes its open stretches, and keeps its record. Its limits stay as long as its account does. `what`: JSON
-- of how it ended, for the account.
local function noteEnd(job, text, record, what)
  if format < 3 then return setLimits(job) end
  local entries, open = {}, text and lastOf(job, text).open
  for _, kind in ipairs(open and KINDS or {}) do
    if open[kind] then entries[#entries + 1] = 's' .. nowText .. ' ' .. textOf(kind, open[kind]) end
  end
  local rev, generation, json = (record or ''):match('^(%d+) (%d+) %S+ (.*)$')
  entries[#entries + 1] = 'd' .. nowText .. ' ' .. (rev or 0) .. ' ' .. (generation or 0) .. ' ' .. what .. '\n' .. (json or '')
  appendOf(job, entries, true)
end

-- Accounts for a change of a job. `what`: JSON that the account keeps of the change.
local function noteChange(job, record, what)
  if format < 3 then return end
  local rev, generation = record:match('^(%d+) (%d+) ')
  appendOf(job, { 'r' .. nowText .. ' ' .. (rev or 0) .. ' ' .. (generation or 0) .. ' ' .. what }, false)
end

-- Continues the account that is kept under the id of a job that is new, or there again.
local function noteReturn(job)
  isNewlyGone[job] = nil
  redis.call('ZREM', ownKey('accounts:gone', 'zset'), job)
end

-- Accounts for a job that is back from quarantine, unchanged.
local function noteRestored(job, record)
  if format < 3 then return end
  noteReturn(job)
  local rev, generation = record:match('^(%d+) (%d+) ')
  appendOf(job, { 'b' .. nowText .. ' ' .. (rev or 0) .. ' ' .. (generation or 0) }, false)
end
