#!/bin/sh
# Prints hot-item.csv, a trace in the format of Twitter's. It is made up, not recorded: forty seconds
# of ten requests a second for a hundred items, and in seconds 10 to 24 sixty more for one of them,
# which is changed every three seconds.
exec awk '
function random() { state = state * 16807 % 2147483647; return state / 2147483647 }
function request(item, operation) {
  printf "%d,item:%02d,7,%d,%d,%s,%d\n", second, item, 300 + item, 1 + int(random() * 20),
         operation, operation == "set" ? 3600 : 0
}
BEGIN {
  state = 17
  for (second = 0; second < 40; ++second) {
    for (i = 0; i < 10; ++i) request(int(100 * random() * random()), random() < 0.02 ? "set" : "get")
    if (second < 10 || second >= 25) continue
    if (second % 3 == 0) request(17, "set")
    for (i = 0; i < 60; ++i) request(17, "get")
  }
}'
