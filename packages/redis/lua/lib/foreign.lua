-- How readers handle what another program, or a newer release, wrote.

-- The last instant that a Date of JavaScript can have, in ms.
local LAST_INSTANT = 8640000000000000

-- Members whose scores are beyond all instants: they would never be due.
local function beyondTime(name)
  return redis.call('ZRANGE', key(name), '(8640000000000000', '+inf', 'BYSCORE', 'LIMIT', 0, 100, 'WITHSCORES')
end

-- Whether a newer release wrote a record: such a record begins with its version. It is left to members that can read it.
local V = ('v'):byte()
local function isNewer(text) return text and text:byte() == V and text:find('^v%d+ ') ~= nil end

-- The sequences of UTF-8 other than ASCII (RFC 3629, section 4).
local SEQUENCES = {
  '[\194-\223][\128-\191]',
  '\224[\160-\191][\128-\191]',
  '[\225-\236\238\239][\128-\191][\128-\191]',
  '\237[\128-\159][\128-\191]',
  '\240[\144-\191][\128-\191][\128-\191]',
  '[\241-\243][\128-\191][\128-\191][\128-\191]',
  '\244[\128-\143][\128-\191][\128-\191]',
}
-- U+FFFD, which no id of ours has.
local SIGN = '\239\191\189'

local function isText(id)
  if not id:find('[\128-\255]') then return true end
  if id:sub(1, #SIGN) == SIGN then return false end
  for _, sequence in ipairs(SEQUENCES) do id = id:gsub(sequence, '.') end
  return not id:find('[\128-\255]')
end

-- Returns an id as scripts return it. If it is not UTF-8, a client that reads replies as UTF-8 would give back other bytes.
local function sentId(id)
  if isText(id) then return id end
  return SIGN .. id:gsub('.', function(byte) return string.format('%02x', byte:byte()) end)
end

-- Returns the id for which `sentId` returned this.
local function meant(id)
  local bytes = id:match('^' .. SIGN .. '(%x+)$')
  return bytes and bytes:gsub('%x%x', function(byte) return string.char(tonumber(byte, 16)) end) or id
end
