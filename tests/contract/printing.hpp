#pragma once

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "purgatory/purgatory.hpp"

/// How a failed check shows the types of the repository.
namespace Catch {

template <>
struct StringMaker<purgatory::ErrorCode> {
  static std::string convert(purgatory::ErrorCode code) {
    return std::string(purgatory::to_string(code));
  }
};

template <>
struct StringMaker<purgatory::Forgotten> {
  static std::string convert(purgatory::Forgotten outcome) {
    switch (outcome) {
      case purgatory::Forgotten::forgotten: return "forgotten";
      case purgatory::Forgotten::absent: return "absent";
      case purgatory::Forgotten::changed: return "changed";
    }
    return "?";
  }
};

template <>
struct StringMaker<purgatory::PileState> {
  static std::string convert(purgatory::PileState state) {
    switch (state) {
      case purgatory::PileState::open: return "open";
      case purgatory::PileState::sealed: return "sealed";
      case purgatory::PileState::restoring: return "restoring";
      case purgatory::PileState::gone: return "gone";
    }
    return "?";
  }
};

template <>
struct StringMaker<purgatory::RecordResult> {
  static std::string convert(const purgatory::RecordResult& result) {
    std::ostringstream out;
    out << "inserted " << result.inserted << ", replaced " << result.replaced << ", stale "
        << result.stale << ", evicted " << result.evicted;
    return out.str();
  }
};

template <>
struct StringMaker<purgatory::RemoveResult> {
  static std::string convert(const purgatory::RemoveResult& result) {
    std::ostringstream out;
    out << "removed " << result.removed << ", changed " << result.changed << ", held "
        << result.held << ", absent " << result.absent;
    return out.str();
  }
};

template <>
struct StringMaker<purgatory::RestampResult> {
  static std::string convert(const purgatory::RestampResult& result) {
    std::ostringstream out;
    out << "done " << result.done << ", changed " << result.changed << ", absent " << result.absent;
    return out.str();
  }
};

template <>
struct StringMaker<purgatory::Receipt> {
  static std::string convert(const purgatory::Receipt& receipt) {
    std::ostringstream out;
    out << receipt.purge_id << ": jobs " << receipt.jobs << ", bytes " << receipt.bytes << ", held "
        << receipt.held;
    return out.str();
  }
};

template <>
struct StringMaker<purgatory::EvictionCount> {
  static std::string convert(const purgatory::EvictionCount& count) {
    std::ostringstream out;
    out << count.rule << '/' << count.reason << ": jobs " << count.jobs << ", bytes "
        << count.bytes;
    return out.str();
  }
};

}  // namespace Catch
