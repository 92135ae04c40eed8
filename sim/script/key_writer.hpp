#pragma once
// Writes the values of a script down, so that equal texts mean equal memory.

#include <lua.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sim/script/merge_key.hpp"

namespace cacherace::script {

// Writes values down. Objects are numbered as they are met, so that two references to one object
// look different from references to two objects that are alike.
class KeyWriter {
 public:
  KeyWriter(lua_State* lua, const StaticObjects& known) : lua_(lua), known_(known) {}

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

  // What was met and is not written down yet; all of it, also where it cannot be compared.
  void finish() {
    for (; !pending_.empty(); pending_.pop_front()) {
      lua_rawgeti(lua_, LUA_REGISTRYINDEX, pending_.front());
      lua_type(lua_, -1) == LUA_TTABLE ? table() : function();
      lua_pop(lua_, 1);
      luaL_unref(lua_, LUA_REGISTRYINDEX, pending_.front());
    }
  }

  // A captured variable, whose value is on top; takes it off.
  void variable(lua_State* from, const void* id) {
    const auto [known, is_new] = numbers_.emplace(id, numbers_.size());
    tag('u');
    number(known->second);
    if (is_new)
      value(from);
    else
      lua_pop(from, 1);
  }
  bool knows(const void* object_or_variable) const { return numbers_.contains(object_or_variable); }

  // The table on top of the stack, even if it is known.
  void table() {
    const int at = lua_gettop(lua_);
    tag('{');
    if (lua_getmetatable(lua_, at) != 0) {
      tag('!');
      value(lua_);
    }
    for (const Key& key : keys_at(at)) {
      push(key);
      lua_pushvalue(lua_, -1);
      value(lua_);
      lua_rawget(lua_, at);
      value(lua_);
    }
    tag('}');
  }

 private:
  // Of a table, in an order that is the same whatever happened to it.
  struct Key {
    int type;
    bool is_integer;
    lua_Integer integer;
    lua_Number fraction;
    std::string text;
    std::uint64_t word;  // of truths and light userdata; of others the address
    int ref;             // of others
    bool operator<(const Key& other) const {
      return std::tie(type, is_integer, integer, fraction, text, word) <
             std::tie(other.type, other.is_integer, other.integer, other.fraction, other.text,
                      other.word);
    }
  };

  void push(const Key& key) {
    switch (key.type) {
      case LUA_TNUMBER:
        return key.is_integer ? lua_pushinteger(lua_, key.integer)
                              : lua_pushnumber(lua_, key.fraction);
      case LUA_TSTRING:
        lua_pushlstring(lua_, key.text.data(), key.text.size());
        return;
      case LUA_TBOOLEAN:
        return lua_pushboolean(lua_, key.word != 0 ? 1 : 0);
      case LUA_TLIGHTUSERDATA:
        return lua_pushlightuserdata(lua_, reinterpret_cast<void*>(key.word));
      default:
        lua_rawgeti(lua_, LUA_REGISTRYINDEX, key.ref);
        luaL_unref(lua_, LUA_REGISTRYINDEX, key.ref);
    }
  }

  std::vector<Key> keys_at(int table) {
    std::vector<Key> keys;
    std::size_t integers = 0;
    lua_pushnil(lua_);
    while (lua_next(lua_, table) != 0) {
      lua_pop(lua_, 1);
      Key key{.type = lua_type(lua_, -1),
              .is_integer = lua_isinteger(lua_, -1) != 0,
              .integer = 0,
              .fraction = 0,
              .text = {},
              .word = 0,
              .ref = LUA_NOREF};
      switch (key.type) {
        case LUA_TNUMBER:
          integers += key.is_integer ? 1 : 0;
          if (key.is_integer)
            key.integer = lua_tointeger(lua_, -1);
          else
            key.fraction = lua_tonumber(lua_, -1);
          break;
        case LUA_TSTRING:
          key.text.assign(lua_tostring(lua_, -1), lua_rawlen(lua_, -1));
          break;
        case LUA_TBOOLEAN:
          key.word = static_cast<std::uint64_t>(lua_toboolean(lua_, -1));
          break;
        case LUA_TLIGHTUSERDATA:
          key.word = reinterpret_cast<std::uint64_t>(lua_touserdata(lua_, -1));
          break;
        default:
          key.word = reinterpret_cast<std::uint64_t>(lua_topointer(lua_, -1));
          possible_ = false;
          lua_pushvalue(lua_, -1);
          key.ref = luaL_ref(lua_, LUA_REGISTRYINDEX);
      }
      keys.push_back(std::move(key));
    }
    std::ranges::sort(keys, [](const Key& a, const Key& b) { return a < b; });
    // What `#` says of a table with holes depends on how it came about.
    for (const Key& key : keys)
      if (key.is_integer && (key.integer < 1 || key.integer > static_cast<lua_Integer>(integers)))
        possible_ = false;
    return keys;
  }

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

  // Its code, and each variable that it has captured; several functions may share one.
  void function() {
    tag('(');
    lua_Debug about;
    lua_pushvalue(lua_, -1);
    lua_getinfo(lua_, ">S", &about);
    number(static_cast<std::uint64_t>(about.linedefined));
    text(about.source, about.srclen);
    for (int i = 1; lua_getupvalue(lua_, -1, i) != nullptr; ++i)
      variable(lua_, lua_upvalueid(lua_, -2, i));
    tag(')');
  }

  lua_State* lua_;
  const StaticObjects& known_;
  std::string text_;
  bool possible_ = true;
  std::map<const void*, std::uint64_t> numbers_;  // of objects and captured variables
  std::deque<int> pending_;
};

}  // namespace cacherace::script
