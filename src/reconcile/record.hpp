// Private to reconcile: records what a task did, for datasurface.operations.
#pragma once

#include <cstdint>

#include "reconcile/attempt.hpp"

namespace datasurface::reconcile {

// The time, since 1970.
std::int64_t microseconds();

// Call it in the savepoint of the task: what is rolled back is not recorded.
void record_done(const Task &task, const Results &results);

// Call it outside, once the task is given up. results: what it had done by then; the last of them may be the step that failed.
void record_failed(const Task &task, const Results &results, const Error &error);

// Removes old records.
void trim_records();

} // namespace datasurface::reconcile
