// Prints a picture of the layers, or of the rooms of the layer that is named; tools/tables puts
// them into docs/design.md.

#include <iostream>

#include "tests/tidy/layer_picture.hpp"

int main(int count, char** words) {
  std::cout << cacherace::tidy::layer_picture(count > 1 ? words[1] : "");
}
