#include "core/repository/translate.hpp"

#include <cxxabi.h>
#include <fmt/format.h>

#include <new>

#include "purgatory/error.hpp"

namespace purgatory {

void blame(std::string_view backend, std::string_view what) {
  throw Error(
      ErrorCode::plugin,
      fmt::format("backend '{}' broke its contract: it {}; report it to its author", backend, what),
      backend);
}

void rethrow_as_error(std::string_view backend) {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::exhausted, "the process is out of memory", backend);
  } catch (const std::exception& error) {
    blame(backend, fmt::format("threw '{}'", error.what()));
  } catch (const abi::__forced_unwind&) {
    throw;  // the thread is being cancelled
  } catch (...) {
    blame(backend, "threw something that is no exception");
  }
}

}  // namespace purgatory
