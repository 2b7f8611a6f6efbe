#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <version>

#include "purgatory/host.hpp"
#include "purgatory/options.hpp"
#include "purgatory/repository.hpp"

/// What a backend's author needs. A plugin is a shared library purgatory_<name>.so that exports one
/// symbol, its descriptor:
///
///     constexpr purgatory::Option kOptions[] = {{.key = "path", .type = OptionType::path, ...}};
///     PURGATORY_PLUGIN("mine", "1.0", kOptions, open_mine)
///
/// The CMake function purgatory_add_plugin(mine mine.cpp) builds it. docs/plugins.md is the guide.
namespace purgatory::plugin {

/// The number of this interface: of the descriptor and of all types that cross it. It is part of
/// the descriptor's symbol and of the directory that plugins are installed in.
inline constexpr std::uint32_t kAbi = 1;

/// What has to be the same on both sides because it changes how C++ types are laid out. Compilers
/// that agree on it can be mixed.
#if defined(_LIBCPP_VERSION)
#define PURGATORY_BUILD_TAG "libc++"
#elif defined(_GLIBCXX_DEBUG)
#define PURGATORY_BUILD_TAG "libstdc++, debug containers"
#elif defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
#define PURGATORY_BUILD_TAG "libstdc++"
#else
#define PURGATORY_BUILD_TAG "libstdc++, strings before C++11"
#endif

/// Makes an empty or existing store. `options` are complete and checked, `host` outlives the
/// repository. Throws Error, or anything: the library translates it.
using Open = std::unique_ptr<FailedJobRepository>(const Options& options, const Host& host);

/// What a plugin says about itself. All of it is C and is read, in this order, before anything of
/// the plugin is called.
struct Descriptor {
  std::uint32_t size;     ///< sizeof(Descriptor)
  std::uint32_t abi;      ///< kAbi
  const char* build_tag;  ///< PURGATORY_BUILD_TAG
  const char* compiler;   ///< For messages only.
  const char* name;       ///< [a-z0-9_]{1,32}
  const char* version;    ///< The plugin's own, for messages and lists.
  const Option* options;
  std::size_t option_count;
  Open* open;
};

}  // namespace purgatory::plugin

/// The name of the exported symbol; a backend that is built into the library has one of its own.
#ifndef PURGATORY_PLUGIN_SYMBOL
#define PURGATORY_PLUGIN_SYMBOL purgatory_plugin_v1
#endif

/// Defines the descriptor of a plugin: two texts, an array of Option, and a function of type Open.
#define PURGATORY_PLUGIN(NAME, VERSION, OPTIONS, OPEN)                                           \
  extern "C" {                                                                                   \
  __attribute__((visibility(                                                                     \
      "default"))) extern constinit const purgatory::plugin::Descriptor PURGATORY_PLUGIN_SYMBOL; \
  constinit const purgatory::plugin::Descriptor PURGATORY_PLUGIN_SYMBOL = {                      \
      .size = sizeof(purgatory::plugin::Descriptor),                                             \
      .abi = purgatory::plugin::kAbi,                                                            \
      .build_tag = PURGATORY_BUILD_TAG,                                                          \
      .compiler = __VERSION__,                                                                   \
      .name = (NAME),                                                                            \
      .version = (VERSION),                                                                      \
      .options = std::data(OPTIONS),                                                             \
      .option_count = std::size(OPTIONS),                                                        \
      .open = (OPEN)};                                                                           \
  }
