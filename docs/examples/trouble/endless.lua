function read(key)
  while true do end
end

function write(key) db.write(key) end
