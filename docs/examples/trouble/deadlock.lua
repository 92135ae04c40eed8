function read(key)
  memory.lock("a")
  memory.lock("b")
  local row = db.read(key)
  memory.unlock("b")
  memory.unlock("a")
  return row
end

function write(key)
  memory.lock("b")
  memory.lock("a")
  db.write(key)
  memory.unlock("a")
  memory.unlock("b")
end
