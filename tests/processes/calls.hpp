#pragma once

#include <array>
#include <functional>
#include <span>
#include <tuple>
#include <vector>

#include "purgatory/error.hpp"
#include "tests/processes/wire.hpp"

/// The calls of a repository as messages: which there are, how one is asked for, how it is served.
namespace purgatory::processes {

template <auto... Methods>
struct CallList {
  /// The number of a method in a message.
  template <auto Method>
  static constexpr std::uint8_t number() {
    constexpr std::array same{
        std::is_same_v<std::integral_constant<decltype(Method), Method>,
                       std::integral_constant<decltype(Methods), Methods>>...};
    for (std::uint8_t i = 0; i < same.size(); ++i) {
      if (same[i]) return i;
    }
    throw std::logic_error("the method is not in the list");  // does not compile
  }

  /// Calls the method of that number; what it returned, encoded.
  static std::string serve(std::uint8_t number, FailedJobRepository& repository, Decoder& message) {
    constexpr std::array servers{&serve_method<Methods>...};
    return servers.at(number)(repository, message);
  }

 private:
  template <auto Method>
  static std::string serve_method(FailedJobRepository& repository, Decoder& message) {
    return call(Method, repository, message);
  }

  /// What a decoded argument is kept in.
  template <typename T>
  struct Kept {
    using type = T;
  };
  template <typename T>
  struct Kept<std::span<const T>> {
    using type = std::vector<T>;
  };

  template <typename Result, typename... Arguments>
  static std::string call(Result (FailedJobRepository::*method)(Arguments...),
                          FailedJobRepository& repository, Decoder& message) {
    using Values = std::tuple<typename Kept<std::remove_cvref_t<Arguments>>::type...>;
    const auto values = [&]<typename... Value>(std::type_identity<std::tuple<Value...>>) {
      return Values{message.decode<Value>()...};
    }(std::type_identity<Values>());
    const auto apply = [&](const auto&... value) { return (repository.*method)(value...); };
    if constexpr (std::is_void_v<Result>) {
      std::apply(apply, values);
      return {};
    } else {
      return encoded(std::apply(apply, values));
    }
  }
};

using R = FailedJobRepository;
using Calls =
    CallList<&R::record, &R::find, &R::locate, &R::list, &R::count, &R::forget, &R::detach,
             &R::remove, &R::restore, &R::piles, &R::trash, &R::seal, &R::mark_archived, &R::expire,
             &R::reclaim, &R::projects, &R::due, &R::partitions, &R::restamp, &R::journal,
             &R::trim_journal, &R::lease, &R::with_resource, &R::setting, &R::compare_and_set,
             &R::stats, &R::check, &R::backup, &R::compact>;

/// An answer says first whether the call succeeded; then follows its result or its Error.
template <typename Action>
std::string answer(const Action& action) {
  try {
    std::string result = encoded(true);
    return result.append(action());
  } catch (const Error& error) {
    return encoded(false, error.code(), std::string_view(error.what()), error.backend());
  }
}

/// The result in an answer; throws the Error that is in its place.
template <typename Result>
Result result_of(std::string_view answer) {
  Decoder decoder(answer);
  if (!decoder.decode<bool>()) {
    const auto code = decoder.decode<ErrorCode>();
    const auto message = decoder.decode<std::string>();
    throw Error(code, message, decoder.decode<std::string_view>());
  }
  if constexpr (!std::is_void_v<Result>) return decoder.decode<Result>();
}

}  // namespace purgatory::processes
