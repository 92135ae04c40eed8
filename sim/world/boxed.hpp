#pragma once
// An optional value on the heap.

#include <memory>
#include <utility>

namespace cacherace::world {

/// As std::optional: copied and compared by value. For what is large and seldom there: where there
/// is none, it takes the room of a pointer.
template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Boxed() = default;

  template <typename... Args>
  void emplace(Args&&... args) {
    value_ = std::make_unique<T>(std::forward<Args>(args)...);
  }

  explicit operator bool() const { return value_ != nullptr; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

  bool operator==(const Boxed& other) const {
    return value_ && other.value_ ? *value_ == *other.value_ : value_ == other.value_;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace cacherace::world
