#include "tests/server/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>

#include "tests/server/server.hpp"

namespace purgatory::server_test {
namespace {

using Variables = std::map<std::string, std::string>;

Variables variables() {
  const std::string host = "Host: tasks.example\r\n";
  const std::string list(kList);
  return {{"host", host},
          {"list", list},
          {"token", an_operator().secret()},
          {"auth", an_operator().field()},
          {"hidden", request("DELETE", list + "/hidden", an_operator().field())}};
}

/// The bytes that a line of a request stands for.
class Line {
 public:
  Line(std::string_view text, const Variables& variables) : text_(text), variables_(variables) {}

  std::string bytes() {
    std::string bytes;
    while (!text_.empty()) {
      if (text_.starts_with('\\')) {
        bytes += escape();
      } else if (text_.starts_with("$(")) {
        bytes += repeated();
      } else if (text_.starts_with('$')) {
        bytes += variable();
      } else {
        bytes += take(1);
      }
    }
    return bytes;
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > text_.size()) throw std::runtime_error("it ends too early");
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }

  std::string escape() {
    const char letter = take(2)[1];
    if (letter == 'r') return "\r";
    if (letter == 'n') return "\n";
    if (letter == 't') return "\t";
    if (letter != 'x') throw std::runtime_error("an unknown escape");
    return {static_cast<char>(std::stoi(std::string(take(2)), nullptr, 16))};
  }

  /// $(text*times)
  std::string repeated() {
    const std::string_view all = take(text_.find(')') + 1);
    const std::size_t star = all.rfind('*');
    const int times = std::stoi(std::string(all.substr(star + 1)));
    const std::string text = Line(all.substr(2, star - 2), variables_).bytes();
    std::string bytes;
    for (int i = 0; i < times; ++i) bytes += text;
    return bytes;
  }

  std::string variable() {
    const auto found = std::ranges::find_if(variables_, [this](const auto& variable) {
      return text_.substr(1).starts_with(variable.first);
    });
    if (found == variables_.end()) throw std::runtime_error("an unknown variable");
    take(1 + found->first.size());
    return found->second;
  }

  std::string_view text_;
  const Variables& variables_;
};

/// "200 204-head open"
void read_outcome(std::string_view text, Vector& vector) {
  std::istringstream words{std::string(text)};
  std::string last;
  for (std::string word; words >> word; last = word) {
    if (last == "open" || last == "close") throw std::runtime_error("something after the end");
    if (!vector.outcome.empty()) vector.outcome += ' ';
    vector.outcome += word.substr(0, word.find('-'));
    if (word == "open" || word == "close") continue;
    vector.answers.push_back(
        {.status = static_cast<unsigned>(std::stoul(word)), .to_head = word.ends_with("-head")});
  }
  if (last != "open" && last != "close") throw std::runtime_error("neither open nor close");
}

class Reader {
 public:
  explicit Reader(const Variables& variables) : variables_(variables) {}

  void read(std::string_view line, int number) {
    if (line.starts_with("## ")) {
      begin(fmt::format("{} (line {})", line.substr(3), number));
    } else if (line.empty() || line.starts_with('#')) {
      return;
    } else if (vectors_.empty() || !vectors_.back().outcome.empty()) {
      throw std::runtime_error("a line of no vector");
    } else if (line.starts_with("-> ")) {
      read_outcome(line.substr(3), vectors_.back());
    } else if (line == "(half-closed)") {
      vectors_.back().half_closed = true;
    } else {
      vectors_.back().bytes += Line(line, variables_).bytes();
    }
  }

  std::vector<Vector> vectors() {
    begin("");
    vectors_.pop_back();
    return std::move(vectors_);
  }

 private:
  void begin(const std::string& name) {
    if (!vectors_.empty() && vectors_.back().outcome.empty()) {
      throw std::runtime_error("before it stands a vector without outcome");
    }
    vectors_.push_back({.name = name});
  }

  const Variables& variables_;
  std::vector<Vector> vectors_;
};

}  // namespace

std::vector<Vector> framing_vectors() {
  const std::string file = PURGATORY_TEST_REQUESTS "/framing.txt";
  const Variables known = variables();
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot be read: " + file);
  Reader reader(known);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    try {
      reader.read(line, number);
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}:{}: {}", file, number, error.what()));
    }
  }
  return reader.vectors();
}

}  // namespace purgatory::server_test
