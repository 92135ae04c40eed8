// Writes the inputs that libFuzzer begins with: a folder for each reader.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/seeds.hpp"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  using namespace cacherace::fuzz;
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  for (const auto& reader : readers()) {
    const fs::path folder = fs::path(argv[1]) / reader.name;
    fs::create_directories(folder);
    std::size_t number = 0;
    for (const auto& seed : seeds_for(reader.name))
      std::ofstream(folder / std::to_string(++number), std::ios::binary) << seed;
    std::printf("%s: %zu seeds\n", folder.c_str(), number);
  }
}
