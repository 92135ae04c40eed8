#include "sim/script/merge_key.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "sim/script/interpreter.hpp"

namespace cacherace::script {
namespace {

const char marker_base[1U << 16U] = {};  // an address for each slot of a stack

// Writes values down. Objects are numbered as they are met, so that two references to one object
// look different from references to two objects that are alike.
class Writer {
 public:
  Writer(lua_State* lua, const StaticObjects& known) : lua_(lua), known_(known) {}

  bool possible() const { return possible_; }
  std::string take() { return std::move(text_); }
  void tag(char what) { text_ += what; }
  void number(std::uint64_t value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const char* data, std::size_t size) {
    number(size);
    text_.append(data, size);
  }

  // The value on top of `from`, which is taken off.
  void value(lua_State* from) {
    switch (lua_type(from, -1)) {
      case LUA_TNIL:
        tag('n');
        break;
      case LUA_TBOOLEAN:
        tag(lua_toboolean(from, -1) != 0 ? 't' : 'f');
        break;
      case LUA_TNUMBER:
        if (lua_isinteger(from, -1) != 0) {
          tag('i');
          number(static_cast<std::uint64_t>(lua_tointeger(from, -1)));
        } else {
          tag('d');
          const lua_Number fraction = lua_tonumber(from, -1);
          text_.append(reinterpret_cast<const char*>(&fraction), sizeof fraction);
        }
        break;
      case LUA_TSTRING: {
        std::size_t size = 0;
        const char* data = lua_tolstring(from, -1, &size);
        tag('s');
        text(data, size);
        break;
      }
      case LUA_TLIGHTUSERDATA:
        tag('l');
        number(reinterpret_cast<std::uint64_t>(lua_touserdata(from, -1)));
        break;
      case LUA_TTABLE:
      case LUA_TFUNCTION:
        object(from);
        break;
      default:
        possible_ = false;
    }
    lua_pop(from, 1);
  }

  // What was met and is not written down yet.
  void finish() {
    while (possible_ && !pending_.empty()) {
      const int ref = pending_.front();
      pending_.pop_front();
      lua_rawgeti(lua_, LUA_REGISTRYINDEX, ref);
      lua_type(lua_, -1) == LUA_TTABLE ? table() : function();
      lua_pop(lua_, 1);
      luaL_unref(lua_, LUA_REGISTRYINDEX, ref);
    }
    for (const int ref : pending_) luaL_unref(lua_, LUA_REGISTRYINDEX, ref);
    pending_.clear();
  }

 private:
  void object(lua_State* from) {
    const void* address = lua_topointer(from, -1);
    if (std::ranges::binary_search(known_, address)) {
      tag('k');
      return number(reinterpret_cast<std::uint64_t>(address));
    }
    if (lua_iscfunction(from, -1) != 0) {
      if (lua_getupvalue(from, -1, 1) != nullptr) {
        lua_pop(from, 1);
        possible_ = false;
      }
      tag('c');
      return number(reinterpret_cast<std::uint64_t>(lua_tocfunction(from, -1)));
    }
    const auto [known, is_new] = numbers_.emplace(address, numbers_.size());
    tag('o');
    number(known->second);
    if (!is_new) return;
    lua_pushvalue(from, -1);
    pending_.push_back(luaL_ref(from, LUA_REGISTRYINDEX));
  }

  // On top of the stack. What `#` says of a table with holes depends on how it came about.
  void table() {
    const int at = lua_gettop(lua_);
    tag('{');
    if (lua_getmetatable(lua_, at) != 0) {
      lua_pop(lua_, 1);
      if (!is_no_answer(lua_, at)) possible_ = false;
      tag('!');
    }
    std::vector<lua_Integer> integers;
    std::vector<std::string> texts;
    bool truths[2] = {false, false};
    lua_pushnil(lua_);
    while (lua_next(lua_, at) != 0) {
      lua_pop(lua_, 1);
      if (lua_isinteger(lua_, -1) != 0)
        integers.push_back(lua_tointeger(lua_, -1));
      else if (lua_type(lua_, -1) == LUA_TSTRING)
        texts.emplace_back(lua_tostring(lua_, -1), lua_rawlen(lua_, -1));
      else if (lua_type(lua_, -1) == LUA_TBOOLEAN)
        truths[lua_toboolean(lua_, -1)] = true;
      else
        possible_ = false;
    }
    std::ranges::sort(integers);
    std::ranges::sort(texts);
    if (!integers.empty() &&
        (integers.front() < 1 || integers.back() != static_cast<lua_Integer>(integers.size())))
      possible_ = false;
    for (const auto key : integers) {
      number(static_cast<std::uint64_t>(key));
      lua_rawgeti(lua_, at, key);
      value(lua_);
    }
    for (const auto& key : texts) {
      text(key.data(), key.size());
      lua_pushlstring(lua_, key.data(), key.size());
      lua_rawget(lua_, at);
      value(lua_);
    }
    for (int truth = 0; truth < 2; ++truth) {
      if (!truths[truth]) continue;
      lua_pushboolean(lua_, truth);
      lua_rawget(lua_, at);
      value(lua_);
    }
    tag('}');
  }

  // Its code, and each variable that it has captured; several functions may share one.
  void function() {
    tag('(');
    lua_Debug about;
    lua_pushvalue(lua_, -1);
    lua_getinfo(lua_, ">S", &about);
    number(static_cast<std::uint64_t>(about.linedefined));
    text(about.source, about.srclen);
    for (int i = 1; lua_getupvalue(lua_, -1, i) != nullptr; ++i) {
      const auto [known, is_new] = numbers_.emplace(lua_upvalueid(lua_, -2, i), numbers_.size());
      tag('u');
      number(known->second);
      if (is_new)
        value(lua_);
      else
        lua_pop(lua_, 1);
    }
    tag(')');
  }

  lua_State* lua_;
  const StaticObjects& known_;
  std::string text_;
  bool possible_ = true;
  std::map<const void*, std::uint64_t> numbers_;  // of objects and captured variables
  std::deque<int> pending_;
};

class Collector {
 public:
  explicit Collector(lua_State* lua) : lua_(lua) {}

  // What the value on top refers to; takes it off.
  void collect() {
    const int type = lua_type(lua_, -1);
    const void* address = lua_topointer(lua_, -1);
    if ((type != LUA_TTABLE && type != LUA_TFUNCTION) ||
        std::ranges::find(found_, address) != found_.end()) {
      lua_pop(lua_, 1);
      return;
    }
    lua_checkstack(lua_, 8);
    found_.push_back(address);
    if (type == LUA_TTABLE) {
      if (lua_getmetatable(lua_, -1) != 0) collect();
      lua_pushnil(lua_);
      while (lua_next(lua_, -2) != 0) {
        lua_pushvalue(lua_, -2);
        lua_insert(lua_, -2);
        collect();
        collect();
      }
    } else {
      for (int i = 1; lua_getupvalue(lua_, -1, i) != nullptr; ++i) collect();
    }
    lua_pop(lua_, 1);
  }
  StaticObjects take() {
    std::ranges::sort(found_);
    return std::move(found_);
  }

 private:
  lua_State* lua_;
  StaticObjects found_;
};

}  // namespace

StaticObjects static_objects(Interpreter& interpreter) {
  lua_State* lua = interpreter.lua;
  Collector collector(lua);
  for (const int ref : {interpreter.builtins, interpreter.user_globals, interpreter.environment}) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, ref);
    collector.collect();
  }
  return collector.take();
}

std::optional<std::string> key_of_thread(Interpreter& interpreter, lua_State* thread) {
  Writer writer(interpreter.lua, interpreter.static_objects);
  constexpr int levels_max = 100;
  lua_Debug frame;
  std::size_t slots = 0;
  if (lua_getstack(thread, levels_max, &frame) != 0) return std::nullopt;
  // Places and slots first; then a marker goes into each slot, so that a captured variable that is
  // a slot can be told from one that holds an equal value.
  for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level) {
    lua_checkstack(thread, 4);
    lua_getinfo(thread, "Slf", &frame);
    writer.tag('F');
    writer.value(thread);
    writer.number(static_cast<std::uint64_t>(frame.currentline));
    for (int i = 1; lua_getlocal(thread, &frame, i) != nullptr; ++i) writer.value(thread);
    writer.tag('V');
    for (int i = -1; lua_getlocal(thread, &frame, i) != nullptr; --i) writer.value(thread);
  }
  for (int level = 0; lua_getstack(thread, level, &frame) != 0; ++level)
    for (int i = 1; lua_getlocal(thread, &frame, i) != nullptr; ++i) {
      lua_pop(thread, 1);
      if (slots == sizeof marker_base) return std::nullopt;
      lua_pushlightuserdata(thread, const_cast<char*>(&marker_base[slots++]));
      lua_setlocal(thread, &frame, i);
    }
  writer.finish();
  if (!writer.possible()) return std::nullopt;
  return writer.take();
}

std::optional<std::string> key_of_function(Interpreter& interpreter) {
  Writer writer(interpreter.lua, interpreter.static_objects);
  writer.value(interpreter.lua);
  writer.finish();
  if (!writer.possible()) return std::nullopt;
  return writer.take();
}

std::vector<SharedPart> shared_parts(Interpreter& interpreter) {
  lua_State* lua = interpreter.lua;
  std::vector<SharedPart> parts;
  std::vector<std::string> names;
  lua_rawgeti(lua, LUA_REGISTRYINDEX, interpreter.user_globals);
  const int globals = lua_gettop(lua);
  lua_pushnil(lua);
  while (lua_next(lua, globals) != 0) {
    lua_pop(lua, 1);
    if (lua_type(lua, -1) == LUA_TSTRING) names.emplace_back(lua_tostring(lua, -1));
  }
  std::ranges::sort(names);
  const auto add = [&](std::string name) {  // the value on top
    Writer writer(lua, interpreter.built_in_objects);
    writer.value(lua);
    writer.finish();
    parts.push_back({.name = std::move(name), .content = writer.take()});
  };
  for (const auto& name : names) {
    lua_getfield(lua, globals, name.c_str());
    if (lua_isfunction(lua, -1) && lua_iscfunction(lua, -1) == 0)
      for (int i = 1;; ++i) {
        const char* captured = lua_getupvalue(lua, -1, i);
        if (captured == nullptr) break;
        add(captured);
      }
    add(name);
  }
  lua_settop(lua, globals - 1);
  return parts;
}

}  // namespace cacherace::script
