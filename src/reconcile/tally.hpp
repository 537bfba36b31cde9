// Private to reconcile: what a call of many transactions could not do.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "reconcile/attempt.hpp"

namespace datasurface::reconcile {

class Tally {
public:
    // A view that only waits for steps of its dataset's tables, which wait themselves, is not counted as failed.
    void add(const Task &task, const Results &results);

    void warn_of_waiting() const;
    // Throws an error that names the first objects that failed.
    void require_nothing_failed() const;

private:
    static constexpr std::int64_t most_listed = 10;

    std::set<std::pair<std::string, std::string>> waiting_datasets_; // by store and dataset
    std::int64_t waiting_ = 0;
    std::int64_t failed_ = 0;
    std::string listed_;
    std::set<std::string> sqlstates_; // of what failed
};

} // namespace datasurface::reconcile
