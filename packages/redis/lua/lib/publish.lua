-- Events: each is published as one message, and those of a call are logged together. An entry of the log is one message in the field `event`
-- or, if a call publishes several, fields `events` of several lines. The first line has what these events have in common and the number of
-- the first one. Each other line has the members of one event. An entry has at most 200 events, which bounds what its readers read.
local LOG, MARK_EACH, MARKS, MOST_BYTES, LARGE_BYTES = key('log'), 200, 101, 32768, 16384

-- In formats 1 and 2, each event is an entry of its own.
local isLoggedAlone = (format or 0) < 3
-- Events of the store as a whole are also kept in its account, for longer.
local STORE_WIDE = ' scheduler_started scheduler_shutdown scheduler_paused scheduler_resumed leader_elected leader_lost worker_joined worker_left'
  .. ' executor_added executor_removed jobstore_added jobstore_removed jobstore_emptied all_jobs_removed job_quarantined '
-- By kind of event, for as long as the script runs: its last number, its channel, and the text between number and body in a message.
local kinds = {}
-- What is still to be logged: fields and their values, how many events in all, and their bytes; then the last events, all of one kind.
local entry, entryCount, entryBytes, lines, linesKind, linesFirst = { '*' }, 0, 0, {}, nil, 0

local function known(kind)
  local found = kinds[kind]
  if found then return found end
  local last = get('seq', kind) or 0
  local seq = isCount(last) and tonumber(last) or countOn('seq:' .. kind, last) - 1
  found = { seq = seq, channel = channel('events:') .. kind, head = ',"type":"' .. kind .. '","at":' .. nowText,
    isStoreWide = not isLoggedAlone and STORE_WIDE:find(' ' .. kind .. ' ', 1, true) }
  kinds[kind] = found
  return found
end

local function messageOf(kind, seq, body) return '{"v":1,"seq":' .. seq .. known(kind).head .. ',' .. body .. '}' end

-- Returns the body as it is logged: without its value if that makes the message too large.
local function loggedOf(kind, seq, body)
  if #body + 256 < LARGE_BYTES or #messageOf(kind, seq, body) <= LARGE_BYTES then return body end
  local value = body:find(',"value":', 1, true)
  return value and body:sub(1, value - 1) .. ',"value":null,"valueOmitted":true' or body
end

-- Whether what is published here reaches no other server: neither a replica, nor a node of the same cluster.
local isAlone
local function hasNoOthers()
  if isAlone == nil then
    local replication, cluster = redis.pcall('INFO', 'replication'), redis.pcall('INFO', 'cluster')
    isAlone = type(replication) == 'string' and type(cluster) == 'string'
      and replication:find('connected_slaves:0', 1, true) ~= nil and cluster:find('cluster_enabled:0', 1, true) ~= nil
  end
  return isAlone
end

-- Cuts the log to the last 20,000 events that were not logged alone: remembers the entry of every 200th such event, for as long as that entry
-- is to be kept. An entry of one event is added with a limit of 20,000 entries, which is enough.
local function cut(before, after, id)
  if math.floor(before / MARK_EACH) == math.floor(after / MARK_EACH) then return end
  local marks = ownKey('log:marks', 'list')
  if redis.call('RPUSH', marks, id) <= MARKS then return end
  redis.call('LTRIM', marks, -MARKS, -1)
  redis.pcall('XTRIM', LOG, 'MINID', '~', redis.call('LINDEX', marks, 0))
end

local function endLines()
  if not linesKind then return end
  lines[1] = '{"v":1,"seq":' .. linesFirst .. known(linesKind).head .. '}'
  entry[#entry + 1], entry[#entry + 2] = 'events', table.concat(lines, '\n')
  lines, linesKind = {}, nil
end

-- Logs the events that were published since the last time.
local function writeLog()
  if entryCount == 0 then return end
  local count = entryCount
  if count == 1 then
    entry = { 'MAXLEN', '~', 20000, '*', 'event', messageOf(linesKind, linesFirst, lines[2]) }
    lines, linesKind = {}, nil
  end
  endLines()
  local id = redis.pcall('XADD', LOG, unpack(entry))
  if type(id) == 'table' then
    moveAway('log', id.err)
    id = redis.call('XADD', LOG, unpack(entry))
  end
  entry, entryCount, entryBytes = { '*' }, 0, 0
  if count == 1 then return end
  local inAll = redis.pcall('INCRBY', key('log:count'), count)
  if type(inAll) == 'table' then
    moveAway('log:count', inAll.err)
    inAll = redis.call('INCRBY', key('log:count'), count)
  end
  cut(inAll - count, inAll, id)
end
onFlush = writeLog

-- Adds events of one kind to the entry of the log: their lines, and the number of the first of them. Several texts share a field of 8,000
-- bytes at most. Lua would put a longer field together from texts that it makes first, and would hash each byte of these, too.
local function logEvents(kind, seq, text, count)
  if entryCount + count > MARK_EACH then writeLog() end
  if linesKind ~= kind or lines.bytes + #text > 8000 then
    endLines()
    lines[1], lines.bytes, linesKind, linesFirst = '', 100, kind, seq
  end
  lines[#lines + 1], lines.bytes = text, lines.bytes + #text
  entryCount, entryBytes = entryCount + count, entryBytes + #text
  if isLoggedAlone or entryCount == MARK_EACH or entryBytes > MOST_BYTES then writeLog() end
end

local function logEvent(kind, seq, body) logEvents(kind, seq, loggedOf(kind, seq, body), 1) end

-- Numbers an event, and publishes it if it may have a listener. Returns what is known of its kind.
local function announce(kind, body)
  local of = known(kind)
  local seq = of.seq + 1
  of.seq = seq
  set('seq', kind, seq)
  -- While a script runs, no client begins to listen: if the first event of a kind reached no client, later ones would not either.
  if of.reached ~= 0 or not hasNoOthers() then of.reached = redis.call('PUBLISH', of.channel, messageOf(kind, seq, body)) end
  return of
end

-- Numbers, publishes and logs an event. Returns its number.
local function publish(kind, body)
  local of = announce(kind, body)
  local seq = of.seq
  if of.isStoreWide then
    local _, age = accountLimitsOf('')
    append('account', { messageOf(kind, seq, body) }, MOST_OF_STORE, age)
  end
  logEvent(kind, seq, body)
  return seq
end

-- Publishes events of one kind, whose bodies are in a list, from one place to another. Only logs those without a listener.
local function publishAll(kind, bodies, from, to)
  publish(kind, bodies[from])
  local of = known(kind)
  if of.reached ~= 0 or isLoggedAlone or of.isStoreWide or not hasNoOthers() then
    for at = from + 1, to do publish(kind, bodies[at]) end
    return
  end
  local seq = of.seq
  for at = from + 1, to do
    local body = bodies[at]
    seq = seq + 1
    if #body + 256 >= LARGE_BYTES then body = loggedOf(kind, seq, body) end
    logEvents(kind, seq, body, 1)
  end
  of.seq = seq
  set('seq', kind, seq)
end

-- Bodies of events as arguments: at most this many share one, one a line, in the order of their items.
local LINES_EACH = 25
-- By argument: its lines, once one of them is needed.
local bodiesOf = {}

-- Returns the body of the item at this place, counted from 0. `first`: the place in ARGV of the first of these arguments.
local function bodyAt(first, at)
  local argument = first + math.floor(at / LINES_EACH)
  local bodies = bodiesOf[argument]
  if not bodies then
    local text, from, to = ARGV[argument] .. '\n', 1, nil
    bodies = {}
    repeat
      to = text:find('\n', from, true)
      bodies[#bodies + 1], from = text:sub(from, to - 1), to + 1
    until from > #text
    bodiesOf[argument] = bodies
  end
  return bodies[at % LINES_EACH + 1]
end

-- Publishes events of one kind whose bodies are in such arguments, from one place to another. If they have no listener, logs whole arguments
-- as they are.
local function publishLines(kind, first, from, to)
  local of = announce(kind, bodyAt(first, from))
  if of.reached ~= 0 or isLoggedAlone or not hasNoOthers() then
    logEvent(kind, of.seq, bodyAt(first, from))
    for at = from + 1, to do publish(kind, bodyAt(first, at)) end
    return
  end
  local seq, at = of.seq, from
  while at <= to do
    local text, isWhole = ARGV[first + math.floor(at / LINES_EACH)], at % LINES_EACH == 0 and at + LINES_EACH - 1 <= to
    local count = isWhole and #text + 256 < LARGE_BYTES and LINES_EACH or 1
    if count == 1 then logEvent(kind, seq, bodyAt(first, at)) else logEvents(kind, seq, text, count) end
    seq, at = seq + count, at + count
  end
  of.seq = seq - 1
  set('seq', kind, of.seq)
end
