-- Whether the header of a job's record can be read. All readers can read a header that is readable here.
local function isReadable(record)
  local rev, generation = record:match('^(%d+) (%d+) [!-~]+ ')
  local function isCount(text) return #text <= 15 and (text == '0' or text:sub(1, 1) ~= '0') end
  return rev and isCount(rev) and isCount(generation)
end
