#pragma once

#include <functional>

#include "purgatory/purgatory.hpp"

namespace purgatory::unit {

/// Answers every call with nothing, after `on_call` was asked with the call's name: it may throw.
class FakeRepository final : public FailedJobRepository {
 public:
  std::function<void(std::string_view)> on_call = [](std::string_view) {};

  [[nodiscard]] std::string_view backend() const noexcept override { return "fake"; }
  RecordResult record(const Call&, std::string_view, std::span<const Recording>,
                      std::span<const Bound>, const PurgeNote&) override;
  std::optional<StoredJob> find(const Call&, std::string_view, std::string_view,
                                std::string_view) override;
  std::vector<std::string> locate(const Call&, std::string_view, std::string_view) override;
  Page<StoredJob, ListCursor> list(const Call&, const Selection&, const std::optional<ListCursor>&,
                                   std::size_t) override;
  std::uint64_t count(const Call&, const Selection&, std::uint64_t) override;
  Forgotten forget(const Call&, std::string_view, std::string_view, std::string_view,
                   std::optional<Version>) override;
  Receipt detach(const Call&, const Scope&, const PurgeNote&) override;
  RemoveResult remove(const Call&, std::string_view, std::span<const JobRef>,
                      const PurgeNote&) override;
  RestoreResult restore(const Call&, std::string_view, std::string_view, Time,
                        std::span<const Bound>, const Budget&,
                        const std::optional<PileCursor>&) override;
  Page<Pile, std::string> piles(const Call&, std::string_view,
                                const std::optional<std::string>&) override;
  Page<StoredJob, PileCursor> trash(const Call&, std::string_view, std::string_view,
                                    const std::optional<PileCursor>&) override;
  void seal(const Call&, std::string_view, std::string_view) override;
  void mark_archived(const Call&, std::string_view, std::string_view) override;
  void expire(const Call&, std::string_view, std::string_view) override;
  ReclaimResult reclaim(const Call&, std::string_view, const Budget&) override;
  Page<ProjectInfo, std::string> projects(const Call&, const std::optional<std::string>&) override;
  std::vector<StoredJob> due(const Call&, std::string_view, std::size_t) override;
  Partitions partitions(const Call&, std::string_view) override;
  RestampResult restamp(const Call&, std::string_view, std::span<const Restamp>) override;
  Page<JournalEntry, JournalCursor> journal(const Call&, std::string_view,
                                            const std::optional<JournalCursor>&) override;
  TrimResult trim_journal(const Call&, std::string_view, Time) override;
  bool lease(const Call&, std::string_view, std::string_view, std::chrono::milliseconds) override;
  std::vector<StoredJob> with_resource(const Call&, std::string_view,
                                       std::optional<std::string_view>, std::string_view,
                                       std::size_t) override;
  std::optional<std::string> setting(const Call&, std::string_view) override;
  std::optional<std::string> compare_and_set(const Call&, std::string_view,
                                             std::optional<std::string_view>,
                                             std::string_view) override;
  std::vector<Figure> stats(const Call&) override;
  CheckResult check(const Call&, const std::optional<std::string>&, const Budget&) override;
  void backup(const Call&, std::string_view) override;
  bool compact(const Call&, const Budget&) override;
};

/// A checked fake, and one call of every kind on it.
struct Door {
  explicit Door(const Limits& limits = {});
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  Host host;
  Call call;
  FakeRepository* fake = nullptr;
  std::unique_ptr<FailedJobRepository> repository;
  PurgeNote note;

  struct Operation {
    std::string_view name;
    std::function<void()> call;
  };
  [[nodiscard]] std::vector<Operation> operations();
};

}  // namespace purgatory::unit
