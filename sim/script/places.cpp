#include "sim/script/places.hpp"

#include <cstring>

#include "sim/core/assert.hpp"

namespace cacherace::script {
namespace {

// Reads code as ldump.c of Lua 5.4 writes it, and writes it anew with other lines.
class Rewriter {
 public:
  Rewriter(const std::string& code, std::vector<std::uint32_t>& lines) : in_(code), lines_(lines) {}

  std::string rewritten() {
    constexpr std::size_t header = 4 + 1 + 1 + 6 + 3 + 8 + 8;  // signature to the sample number
    copy(header);
    copy(1);  // upvalues of the main function
    function();
    SIM_ASSERT(at_ == in_.size());
    return std::move(out_);
  }

 private:
  void copy(std::size_t size) {
    SIM_ASSERT(at_ + size <= in_.size());
    out_.append(in_, at_, size);
    at_ += size;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(in_[at_++]); }

  // Seven bits a byte, the last one with the highest bit set.
  std::size_t size() {
    std::size_t value = 0;
    std::uint8_t part = 0;
    do {
      SIM_ASSERT(at_ < in_.size());
      part = byte();
      value = value << 7U | (part & 0x7fU);
    } while ((part & 0x80U) == 0);
    return value;
  }
  std::size_t copy_size() {
    const std::size_t from = at_;
    const std::size_t value = size();
    out_.append(in_, from, at_ - from);
    return value;
  }
  void put_size(std::size_t value) {
    std::string digits(1, static_cast<char>((value & 0x7fU) | 0x80U));
    for (value >>= 7U; value != 0; value >>= 7U)
      digits.insert(digits.begin(), static_cast<char>(value & 0x7fU));
    out_ += digits;
  }
  void copy_text() {
    const std::size_t length = copy_size();  // and one
    if (length > 0) copy(length - 1);
  }

  void function() {
    constexpr std::size_t instruction_size = 4;
    copy_text();  // its source
    const auto defined = static_cast<std::uint32_t>(size());
    put_size(lines_.size() - 1);  // one before its first instruction's
    copy_size();                  // the last line
    copy(3);                      // parameters, varargs, stack
    const std::size_t instructions = copy_size();
    const std::size_t code = out_.size();
    copy(instructions * instruction_size);
    for (std::size_t i = 0; i < instructions; ++i) keep_caller(out_, code + i * instruction_size);
    for (std::size_t left = copy_size(); left > 0; --left) constant();
    for (std::size_t left = copy_size(); left > 0; --left) copy(3);  // upvalues
    // Its own lines come before those of the functions in it.
    const std::size_t own = lines_.size();
    lines_.resize(own + instructions, defined);
    for (std::size_t left = copy_size(); left > 0; --left) function();
    number_lines(instructions, own, defined);
    for (std::size_t left = copy_size(); left > 0; --left) {  // local variables
      copy_text();
      copy_size();
      copy_size();
    }
    for (std::size_t left = copy_size(); left > 0; --left) copy_text();  // names of upvalues
  }

  // A call whose result is returned (OP_TAILCALL) would leave no frame to tell the line by; it
  // becomes a plain call of all results (OP_CALL), which the instruction after it returns.
  static void keep_caller(std::string& code, std::size_t at) {
    constexpr std::uint32_t call = 68, tail_call = 69, opcode = 0x7f, operands_a_and_b = 0xff'7f80;
    std::uint32_t instruction = 0;
    std::memcpy(&instruction, code.data() + at, sizeof instruction);
    if ((instruction & opcode) != tail_call) return;
    instruction = (instruction & operands_a_and_b) | call;
    std::memcpy(code.data() + at, &instruction, sizeof instruction);
  }

  void constant() {
    enum : std::uint8_t {
      nil = 0,
      no = 1,
      yes = 17,
      integer = 3,
      fraction = 19,
      short_text = 4,
      long_text = 20
    };
    const std::uint8_t type = byte();
    out_ += static_cast<char>(type);
    switch (type) {
      case integer:
      case fraction:
        return copy(8);
      case short_text:
      case long_text:
        return copy_text();
      default:
        return;
    }
  }

  // Each instruction is one line after the one before it; what they were is kept.
  void number_lines(std::size_t instructions, std::size_t own, std::uint32_t defined) {
    constexpr std::int8_t absolute = -0x80;
    const std::size_t count = size();
    SIM_ASSERT(count == instructions);
    std::vector<std::int8_t> steps(count);
    std::memcpy(steps.data(), in_.data() + at_, count);
    at_ += count;
    std::vector<std::pair<std::size_t, std::uint32_t>> exact(size());
    for (auto& [instruction, line] : exact) {
      instruction = size();
      line = static_cast<std::uint32_t>(size());
    }
    std::uint32_t line = defined;
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (steps[i] == absolute) {
        SIM_ASSERT(next < exact.size());
        line = exact[next++].second;
      } else {
        line += static_cast<std::uint32_t>(static_cast<std::int32_t>(steps[i]));
      }
      lines_[own + i] = line;
    }
    put_size(count);
    out_.append(count, '\1');
    put_size(0);
  }

  const std::string& in_;
  std::string out_;
  std::size_t at_ = 0;
  std::vector<std::uint32_t>& lines_;
};

}  // namespace

void Places::number_instructions(std::string& code) { code = Rewriter(code, lines_).rewritten(); }

}  // namespace cacherace::script
