// A plugin whose every call fails in the one way that its option names; for the tests of those who
// have to live with such a store. In the way "endless" there always is trash to free, and the rest
// fails.

#include <array>
#include <stdexcept>
#include <string>

#include "purgatory/error.hpp"
#include "purgatory/plugin.hpp"

namespace {

using namespace purgatory;

constexpr std::string_view kEndless = "endless";

class FailingRepository final : public FailedJobRepository {
 public:
  explicit FailingRepository(std::string way) : way_(std::move(way)) {}

  [[nodiscard]] std::string_view backend() const noexcept override { return "failing"; }

  RecordResult record(const Call&, std::string_view, std::span<const Recording>,
                      std::span<const Bound>, const PurgeNote&) override {
    fail();
  }
  std::optional<StoredJob> find(const Call&, std::string_view, std::string_view,
                                std::string_view) override {
    fail();
  }
  std::vector<std::string> locate(const Call&, std::string_view, std::string_view) override {
    fail();
  }
  Page<StoredJob, ListCursor> list(const Call&, const Selection&, const std::optional<ListCursor>&,
                                   std::size_t) override {
    fail();
  }
  std::uint64_t count(const Call&, const Selection&, std::uint64_t) override { fail(); }
  Forgotten forget(const Call&, std::string_view, std::string_view, std::string_view,
                   std::optional<Version>) override {
    fail();
  }
  Receipt detach(const Call&, const Scope&, const PurgeNote&) override { fail(); }
  RemoveResult remove(const Call&, std::string_view, std::span<const JobRef>,
                      const PurgeNote&) override {
    fail();
  }
  RestoreResult restore(const Call&, std::string_view, std::string_view, Time,
                        std::span<const Bound>, const Budget&,
                        const std::optional<PileCursor>&) override {
    fail();
  }
  Page<Pile, std::string> piles(const Call&, std::string_view,
                                const std::optional<std::string>&) override {
    if (way_ == kEndless) return {};
    fail();
  }
  Page<StoredJob, PileCursor> trash(const Call&, std::string_view, std::string_view,
                                    const std::optional<PileCursor>&) override {
    fail();
  }
  void seal(const Call&, std::string_view, std::string_view) override { fail(); }
  void mark_archived(const Call&, std::string_view, std::string_view) override { fail(); }
  void expire(const Call&, std::string_view, std::string_view) override { fail(); }
  ReclaimResult reclaim(const Call&, std::string_view, const Budget&) override {
    if (way_ == kEndless) return {.jobs = 1, .bytes = 1, .more = true};
    fail();
  }
  Page<ProjectInfo, std::string> projects(const Call& call,
                                          const std::optional<std::string>&) override {
    if (way_ != kEndless) fail();
    return {.items = {{.project = "shop", .next_due = {}, .next_reclaim = call.now}}, .next = {}};
  }
  std::vector<StoredJob> due(const Call&, std::string_view, std::size_t) override { fail(); }
  Partitions partitions(const Call&, std::string_view) override { fail(); }
  RestampResult restamp(const Call&, std::string_view, std::span<const Restamp>) override {
    fail();
  }
  Page<JournalEntry, JournalCursor> journal(const Call&, std::string_view,
                                            const std::optional<JournalCursor>&) override {
    fail();
  }
  TrimResult trim_journal(const Call&, std::string_view, Time) override { fail(); }
  bool lease(const Call&, std::string_view, std::string_view, std::chrono::milliseconds) override {
    fail();
  }
  std::vector<StoredJob> with_resource(const Call&, std::string_view,
                                       std::optional<std::string_view>, std::string_view,
                                       std::size_t) override {
    fail();
  }
  std::optional<std::string> setting(const Call&, std::string_view) override {
    if (way_ == kEndless) return std::nullopt;
    fail();
  }
  std::optional<std::string> compare_and_set(const Call&, std::string_view,
                                             std::optional<std::string_view>,
                                             std::string_view) override {
    fail();
  }
  std::vector<Figure> stats(const Call&) override { fail(); }
  CheckResult check(const Call&, const std::optional<std::string>&, const Budget&) override {
    fail();
  }
  void backup(const Call&, std::string_view) override { fail(); }
  bool compact(const Call&, const Budget&) override { fail(); }

 private:
  [[noreturn]] void fail() const {
    if (way_ == "unsupported")
      throw Error(ErrorCode::unsupported, "it was never written", "failing");
    if (way_ == "unavailable" || way_ == kEndless)
      throw Error(ErrorCode::unavailable, "db.example is down", "failing");
    throw std::runtime_error("the plugin has a defect");  // which no call of a plugin may throw
  }

  std::string way_;
};

constexpr std::array kOptions{Option{.key = "way",
                                     .type = OptionType::choice,
                                     .required = true,
                                     .choices = "defect|endless|unsupported|unavailable",
                                     .help = "How each call fails."}};

std::unique_ptr<FailedJobRepository> open_failing(const Options& options, const Host&) {
  return std::make_unique<FailingRepository>(std::string(options.text("way")));
}

}  // namespace

PURGATORY_PLUGIN("failing", "1.0", kOptions, open_failing)
