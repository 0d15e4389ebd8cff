-- What another program wrote, as its readers get it.

-- A Date of JavaScript goes no further.
local LAST_INSTANT = 8640000000000000

-- Members whose scores are beyond all instants: they would never come due.
local function beyondTime(name)
  return redis.call('ZRANGE', key(name), '(8640000000000000', '+inf', 'BYSCORE', 'LIMIT', 0, 100, 'WITHSCORES')
end

-- Whether a record is of a newer release, which says so with its version before it: it is left for those who read it.
local V = ('v'):byte()
local function isNewer(text) return text and text:byte() == V and text:find('^v%d+ ') ~= nil end

-- What UTF-8 is made of other than ASCII (RFC 3629, section 4).
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

-- An id as scripts return it. A client that reads replies as UTF-8 gives other bytes back than it got, where they are not text.
local function sentId(id)
  if isText(id) then return id end
  return SIGN .. id:gsub('.', function(byte) return string.format('%02x', byte:byte()) end)
end

-- The id that was returned so.
local function meant(id)
  local bytes = id:match('^' .. SIGN .. '(%x+)$')
  return bytes and bytes:gsub('%x%x', function(byte) return string.char(tonumber(byte, 16)) end) or id
end
