#include "core/archive/compression.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>
#include <new>

#include "core/archive/damage.hpp"

namespace purgatory::archive {
namespace {

constexpr int kLevel = 3;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

}  // namespace

std::string compress(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // there is room for any text
  out.resize(size);
  return out;
}

std::string decompress(std::string_view compressed, std::uint64_t size) {
  const auto said = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (said < ZSTD_CONTENTSIZE_ERROR && said != size) {
    throw Damage(fmt::format("has {} bytes of text, its sidecar says {}", said, size));
  }
  std::string text(size, '\0');
  const std::size_t got =
      ZSTD_decompress(text.data(), text.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(got) != 0) {
    throw Damage(fmt::format("cannot be decompressed: {}", ZSTD_getErrorName(got)));
  }
  text.resize(got);
  return text;
}

std::uint64_t compressed_bound(std::uint64_t size) noexcept { return ZSTD_compressBound(size); }

}  // namespace purgatory::archive
