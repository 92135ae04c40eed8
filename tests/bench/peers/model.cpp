// Cache-aside in ns-3: keys by Zipf, Poisson arrivals, a TTL, a database with connections. Prints
// operations, hit ratio of the reads, and seconds of processor time of the simulation.

#include <ns3/core-module.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <random>
#include <vector>

namespace {

using ns3::Seconds;
using ns3::Simulator;

constexpr double reads = 0.99, zipf = 0.99;
constexpr int connections = 100;

struct Entry {
  int version = 0;
  double until = -1;  // seconds
};

class Model {
 public:
  long operations = 0, read_operations = 0, hits = 0;

  Model(int keys, double rate, double ttl)
      : rate_(rate), ttl_(ttl), rows_(keys, 1), entries_(keys), popularity_(keys) {
    double sum = 0;
    for (int key = 0; key < keys; ++key) popularity_[key] = sum += std::pow(key + 1, -zipf);
    next_arrival();
  }

 private:
  double uniform(double min, double max) {
    return std::uniform_real_distribution<>(min, max)(random_);  // tidy: ns-3, not the simulator
  }
  static double now() { return Simulator::Now().GetSeconds(); }

  void next_arrival() {
    const double gap = std::exponential_distribution<>(rate_)(random_);  // tidy: ns-3
    Simulator::Schedule(Seconds(gap), &Model::arrive, this);
  }
  void arrive() {
    const double word = uniform(0, popularity_.back());
    const auto place = std::lower_bound(popularity_.begin(), popularity_.end(), word);
    const int key = static_cast<int>(place - popularity_.begin());
    const bool read = uniform(0, 1) < reads;
    next_arrival();
    if (!read) return query(key, true);
    const double half = uniform(200e-6, 800e-6) / 2;
    Simulator::Schedule(Seconds(half), &Model::get, this, key, half);
  }
  void get(int key, double half) {
    const bool hit = entries_[key].until >= now();
    Simulator::Schedule(Seconds(half), &Model::got, this, key, hit);
  }
  void got(int key, bool hit) {
    ++read_operations;
    hits += hit;
    if (hit)
      ++operations;
    else
      query(key, false);
  }
  void query(int key, bool write) {
    if (in_service_ == connections) return waiting_.push_back({key, write});
    ++in_service_;
    const double time = write ? uniform(5e-3, 20e-3) : uniform(2e-3, 18e-3);
    Simulator::Schedule(Seconds(time), &Model::queried, this, key, write, rows_[key]);
  }
  void queried(int key, bool write, int version) {
    --in_service_;
    if (!waiting_.empty()) {
      const auto [next, writes] = waiting_.front();
      waiting_.pop_front();
      query(next, writes);
    }
    if (write) ++rows_[key];
    const double half = uniform(200e-6, 800e-6) / 2;
    Simulator::Schedule(Seconds(half), &Model::change, this, key, write ? 0 : version, half);
  }
  void change(int key, int version, double half) {
    entries_[key] = version == 0 ? Entry{} : Entry{version, now() + ttl_};
    Simulator::Schedule(Seconds(half), &Model::end, this);
  }
  void end() { ++operations; }

  double rate_, ttl_;
  std::mt19937_64 random_{1};  // tidy: ns-3, not the simulator
  std::vector<int> rows_;
  std::vector<Entry> entries_;
  std::vector<double> popularity_;
  std::deque<std::pair<int, bool>> waiting_;
  int in_service_ = 0;
};

}  // namespace

int main(int, char** texts) {
  Model model(std::atoi(texts[1]), std::atof(texts[2]), std::atof(texts[4]));
  Simulator::Stop(Seconds(std::atof(texts[3])));
  const std::clock_t start = std::clock();
  Simulator::Run();
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  Simulator::Destroy();
  const double ratio = static_cast<double>(model.hits) / static_cast<double>(model.read_operations);
  std::printf("%ld %.6f %.6f\n", model.operations, ratio, seconds);
}
