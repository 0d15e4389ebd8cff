-- The order of texts. Redis returns the fields of a hash in no certain order, and Lua compares texts by the locale of Redis' process.

-- Sorts texts by their bytes. Returns them.
local function inOrder(texts)
  table.sort(texts, function(one, other)
    local at = 1
    while at <= #one and one:byte(at) == other:byte(at) do at = at + 1 end
    return (one:byte(at) or -1) < (other:byte(at) or -1)
  end)
  return texts
end
