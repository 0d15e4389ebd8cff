-- Publishes an event, numbered, and logs it: without its value where that makes it large. Answers the message.
local function publish(kind, body)
  local last = get('seq', kind) or 0
  local seq = isCount(last) and last + 1 or countOn('seq:' .. kind, last)
  set('seq', kind, seq)
  local message = '{"v":1,"seq":' .. seq .. ',"type":"' .. kind .. '","at":' .. nowText .. ',' .. body .. '}'
  redis.call('PUBLISH', channel('events:') .. kind, message)
  local value = #message > 16384 and message:find(',"value":', 1, true)
  local logged = value and message:sub(1, value - 1) .. ',"value":null,"valueOmitted":true}' or message
  local added = redis.pcall('XADD', key('log'), 'MAXLEN', '~', 20000, '*', 'event', logged)
  if type(added) == 'table' then
    moveAway('log', added.err)
    redis.call('XADD', key('log'), '*', 'event', logged)
  end
  return message
end
