#include "tests/file/fault_vfs.hpp"

#include <utility>

namespace purgatory::file_test {

/// What SQLite holds; the real file system's own stands right behind it.
struct FaultVfs::File {
  sqlite3_file base;
  FaultVfs* vfs;
  const char* path;  ///< SQLite keeps it as long as the file is open.
  bool is_main;

  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  [[nodiscard]] sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  [[nodiscard]] const sqlite3_io_methods& methods() { return *real()->pMethods; }
};

struct FaultVfs::Methods {
  /// Counts, fails or hands on.
  template <typename Action>
  static int meet(Operation operation, sqlite3_file* base, Action action) {
    File& file = File::of(base);
    const int code = file.vfs->meet(operation, file.path);
    return code == SQLITE_OK ? action(file.methods(), file.real()) : code;
  }
  /// Hands on.
  template <auto Method, typename... Args>
  static int pass(sqlite3_file* base, Args... args) {
    File& file = File::of(base);
    return (file.methods().*Method)(file.real(), args...);
  }
  static void barrier(sqlite3_file* base) {
    File::of(base).methods().xShmBarrier(File::of(base).real());
  }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out) {
    auto& self = *static_cast<FaultVfs*>(vfs->pAppData);
    base->pMethods = nullptr;
    const bool is_main = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    if (is_main) ++self.connections_;
    if (const int code = self.meet(Operation::open, path); code != SQLITE_OK) return code;
    File& file = File::of(base);
    file.vfs = &self;
    file.path = path == nullptr ? "" : path;
    file.is_main = is_main;
    const int code = self.real_->xOpen(self.real_, path, file.real(), flags, out);
    if (code != SQLITE_OK) return code;
    base->pMethods = self.shared_memory_ ? &kMethods : &kMethodsWithoutSharedMemory;
    return SQLITE_OK;
  }
  static int read(sqlite3_file* base, void* bytes, int size, sqlite3_int64 offset) {
    return meet(Operation::read, base, [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
      const int code = methods.xRead(real, bytes, size, offset);
      if (File::of(base).is_main) File::of(base).vfs->read_wrongly(bytes, size, offset);
      return code;
    });
  }
  static int write(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 offset) {
    return meet(Operation::write, base, [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
      return methods.xWrite(real, bytes, size, offset);
    });
  }
  static int truncate(sqlite3_file* base, sqlite3_int64 size) {
    return meet(Operation::truncate, base,
                [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
                  return methods.xTruncate(real, size);
                });
  }
  static int sync(sqlite3_file* base, int) {
    return meet(Operation::sync, base,
                [](const sqlite3_io_methods&, sqlite3_file*) { return SQLITE_OK; });
  }
  static int control(sqlite3_file* base, int operation, void* argument) {
    const auto hand_on = [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
      return methods.xFileControl(real, operation, argument);
    };
    if (operation == SQLITE_FCNTL_SIZE_HINT) return meet(Operation::grow, base, hand_on);
    return hand_on(File::of(base).methods(), File::of(base).real());
  }
  static int map(sqlite3_file* base, int page, int size, int extend, void volatile** memory) {
    return meet(Operation::map, base, [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
      return methods.xShmMap(real, page, size, extend, memory);
    });
  }
  static int lock(sqlite3_file* base, int offset, int count, int flags) {
    return meet(Operation::lock, base, [&](const sqlite3_io_methods& methods, sqlite3_file* real) {
      return methods.xShmLock(real, offset, count, flags);
    });
  }

  static constexpr sqlite3_io_methods make(int version) {
    using Io = sqlite3_io_methods;
    return {.iVersion = version,
            .xClose = pass<&Io::xClose>,
            .xRead = read,
            .xWrite = write,
            .xTruncate = truncate,
            .xSync = sync,
            .xFileSize = pass<&Io::xFileSize, sqlite3_int64*>,
            .xLock = pass<&Io::xLock, int>,
            .xUnlock = pass<&Io::xUnlock, int>,
            .xCheckReservedLock = pass<&Io::xCheckReservedLock, int*>,
            .xFileControl = control,
            .xSectorSize = pass<&Io::xSectorSize>,
            .xDeviceCharacteristics = pass<&Io::xDeviceCharacteristics>,
            .xShmMap = map,
            .xShmLock = lock,
            .xShmBarrier = barrier,
            .xShmUnmap = pass<&Io::xShmUnmap, int>,
            .xFetch = nullptr,
            .xUnfetch = nullptr};
  }
  static const sqlite3_io_methods kMethods;
  static const sqlite3_io_methods kMethodsWithoutSharedMemory;
};

const sqlite3_io_methods FaultVfs::Methods::kMethods = make(2);
const sqlite3_io_methods FaultVfs::Methods::kMethodsWithoutSharedMemory = make(1);

FaultVfs::FaultVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  // Of all that is copied, just opening looks at the file system that it is called through.
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.xOpen = Methods::open;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultVfs::set(const Fault& fault) {
  happened_ = false;
  fault_ = fault;
  left_ = fault.nth;
}

void FaultVfs::clear() noexcept { left_ = 0; }

void FaultVfs::set_damage(const Damage& damage) noexcept {
  flipped_ = damage.flipped;
  damaged_ = damage.offset;
}

void FaultVfs::before(Operation operation, std::function<void(std::string_view)> action) {
  actions_[static_cast<std::size_t>(operation)] = std::move(action);
}

int FaultVfs::meet(Operation operation, const char* path) {
  const auto place = static_cast<std::size_t>(operation);
  ++counts_[place];
  if (actions_[place]) actions_[place](path == nullptr ? "" : path);
  if (left_ <= 0 || fault_->operation != operation) return SQLITE_OK;
  if (left_ > 1) {
    --left_;
    return SQLITE_OK;
  }
  happened_ = true;
  if (!fault_->for_ever) left_ = 0;
  return fault_->code;
}

void FaultVfs::read_wrongly(void* bytes, int size, std::int64_t offset) const noexcept {
  const std::int64_t place = damaged_ - offset;
  if (place >= 0 && place < size) static_cast<std::uint8_t*>(bytes)[place] ^= flipped_;
}

}  // namespace purgatory::file_test
