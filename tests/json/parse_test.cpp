#include "sim/json/parse.hpp"

#include <catch2/catch_test_macros.hpp>

namespace cacherace::json {
namespace {

std::optional<Document> parsed(std::string_view text) {
  Collector problems("x.json");
  return parse(text, problems);
}

TEST_CASE("each node knows its line, column and pointer") {
  const auto document = parsed(
      "\xEF\xBB\xBF// ä\n{ /* , : \" */ \"é\": -12.5,"
      "\"a/b~c\":[true ,\n\t{\"x\":\"\\u00e9\"}]}\n");
  REQUIRE(document);
  const Node& root = document->root();
  CHECK(root.place == Place{2, 1});
  REQUIRE(root.children.size() == 2);
  const Node& number = *root.children[0];
  CHECK(number.key == "é");
  CHECK(number.key_place == Place{2, 15});
  CHECK(number.place == Place{2, 20});
  CHECK(number.text == "-12.5");
  CHECK(pointer_to(number) == "/é");
  const Node& array = *root.children[1];
  CHECK(array.key_place == Place{2, 26});
  CHECK(array.place == Place{2, 34});
  REQUIRE(array.children.size() == 2);
  CHECK(array.children[0]->place == Place{2, 35});
  const Node& text = *array.children[1]->children[0];
  CHECK(text.place == Place{3, 7});
  CHECK(text.text == "é");
  CHECK(pointer_to(text) == "/a~1b~0c/1/x");
}

TEST_CASE("the canonical dump keeps the file's order and drops comments and spacing") {
  const auto document =
      parsed("{ \"b\": 1.50, // one\n \"a\": [null, true, \"x\\ny\"], \"c\": {} }");
  REQUIRE(document);
  CHECK(dump(document->root()) == R"({"b":1.5,"a":[null,true,"x\ny"],"c":{}})");
}

TEST_CASE("nesting is limited") {
  CHECK(parsed(std::string(depth_max, '[') + std::string(depth_max, ']')));
  Collector problems("x.json");
  CHECK_FALSE(parse(std::string(100'000, '['), problems));
  const Problems found = problems.take();
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == Problem::Kind::syntax);
  CHECK(found[0].column == depth_max + 1);
  CHECK(found[0].fact == "nested more than 64 levels deep");
}

TEST_CASE("the size of a file is limited") {
  Collector problems("x.json");
  CHECK_FALSE(parse(std::string(text_bytes_max + 1, ' '), problems));
  CHECK(to_text(problems.take().at(0)) ==
        "x.json:1:1: the file has 1048577 bytes; at most 1048576 are read");
}

TEST_CASE("an object with too many members is refused") {
  const auto object = [](std::size_t members) {
    std::string text = "{";
    for (std::size_t i = 0; i < members; ++i)
      text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    return text + "}";
  };
  CHECK(parsed(object(members_max)).has_value());
  Collector problems("x.json");
  CHECK_FALSE(parse(object(members_max + 1), problems).has_value());
  CHECK(to_text(problems.take().front()).ends_with("an object with more than 10000 members"));
}

TEST_CASE("a pointer leads where its tokens say") {
  const auto document = parsed(R"({"a/b": [{"~": 1}, 2], "": {"": 3}})");
  REQUIRE(document);
  const auto text_at = [&](std::string_view pointer) {
    const Node* node = find_pointer(document->root(), pointer);
    return node == nullptr ? "nowhere" : node->text;
  };
  CHECK(text_at("/a~1b/0/~0") == "1");
  CHECK(text_at("/a~1b/1") == "2");
  CHECK(text_at("//") == "3");
  CHECK(find_pointer(document->root(), "") == &document->root());
  for (const auto* wrong :
       {"a", "/a", "/a~1b/2", "/a~1b/01", "/a~1b/-", "/a~2", "/a~1b/0/~0/x", "/~"})
    CHECK(text_at(wrong) == "nowhere");
}

}  // namespace
}  // namespace cacherace::json
