local LOG = key('log')
-- By kind of event, for as long as the script runs: its number so far, its channel, and what stands between number and body.
local kinds = {}

local function known(kind)
  local found = kinds[kind]
  if found then return found end
  local last = get('seq', kind) or 0
  found = { seq = isCount(last) and tonumber(last) or countOn('seq:' .. kind, last) - 1, channel = channel('events:') .. kind,
    head = ',"type":"' .. kind .. '","at":' .. nowText .. ',' }
  kinds[kind] = found
  return found
end

-- Publishes an event, numbered, and logs it: without its value where that makes it large. Answers the message.
local function publish(kind, body)
  local of = kinds[kind] or known(kind)
  local seq = of.seq + 1
  of.seq = seq
  set('seq', kind, seq)
  local message = '{"v":1,"seq":' .. seq .. of.head .. body .. '}'
  redis.call('PUBLISH', of.channel, message)
  local value = #message > 16384 and message:find(',"value":', 1, true)
  local logged = value and message:sub(1, value - 1) .. ',"value":null,"valueOmitted":true}' or message
  local added = redis.pcall('XADD', LOG, 'MAXLEN', '~', 20000, '*', 'event', logged)
  if type(added) == 'table' then
    moveAway('log', added.err)
    redis.call('XADD', LOG, '*', 'event', logged)
  end
  return message
end
