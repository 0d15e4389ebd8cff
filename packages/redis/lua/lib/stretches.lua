-- Handles a page of items, counted from 0, in their order. `tryFastPath` returns the kind of an item that can be done together with others,
-- and notes its effect for the items behind it; false: it is done by itself. Stretches of one kind are done together.
local function inStretches(count, tryFastPath, doAll, doOne)
  local first, kind
  for at = 0, count do
    local found = at < count and tryFastPath(at)
    if first and found ~= kind then
      doAll(first, at - 1, kind)
      first = nil
    end
    if found then
      first, kind = first or at, found
    elseif at < count then
      doOne(at)
    end
  end
end
