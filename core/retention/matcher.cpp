#include "core/retention/matcher.hpp"

#include <algorithm>

namespace purgatory::retention {
namespace {

/// The element that stands for the same as `wanted`; none: null.
template <typename Element, typename Key>
const Element* find(const std::vector<Element>& elements, Key Element::*key, const Key& wanted) {
  const auto found = std::ranges::find(elements, wanted, key);
  return found == elements.end() ? nullptr : &*found;
}

/// True if each condition of `wide` is met by whatever meets those of `narrow`.
template <typename Element, typename Key>
bool all_cover(const std::vector<Element>& wide, const std::vector<Element>& narrow,
               Key Element::*key) {
  return std::ranges::all_of(wide, [&](const Element& element) {
    const Element* other = find(narrow, key, element.*key);
    return other != nullptr && element.condition.covers(other->condition);
  });
}

}  // namespace

Matcher::Matcher(const Match& match) {
  for (const MatchField& field : kMatchFields) {
    const Patterns& patterns = match.*field.patterns;
    if (patterns.empty()) continue;
    Field condition{field.text, TextCondition(patterns)};
    if (!condition.condition.matches_all()) fields_.push_back(std::move(condition));
  }
  if (!match.attempts.empty()) {
    attempts_.emplace(match.attempts);
    if (attempts_->matches_all()) attempts_.reset();
  }
  for (const auto& [key, patterns] : match.labels) {
    if (!patterns.empty()) labels_.push_back({key, TextCondition(patterns)});
  }
}

bool Matcher::matches(const FailedJob& job) const noexcept {
  for (const Field& field : fields_) {
    if (!field.condition.matches(job.*field.text)) return false;
  }
  if (attempts_ && !attempts_->matches(job.attempts)) return false;
  return std::ranges::all_of(labels_, [&](const Label& label) {
    const auto found = job.labels.find(label.key);
    return found == job.labels.end() ? label.condition.matches_absent()
                                     : label.condition.matches(found->second);
  });
}

bool Matcher::covers(const Matcher& other) const {
  return all_cover(fields_, other.fields_, &Field::text) &&
         (!attempts_ || (other.attempts_ && attempts_->covers(*other.attempts_))) &&
         all_cover(labels_, other.labels_, &Label::key);
}

bool Matcher::matches_all() const noexcept {
  return fields_.empty() && !attempts_ && labels_.empty();
}

}  // namespace purgatory::retention
