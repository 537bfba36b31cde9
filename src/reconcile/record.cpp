#include "reconcile/record.hpp"

#include <chrono>

#include "catalog/operation.hpp"
#include "pg/callers.hpp"
#include "pg/settings.hpp"

namespace datasurface::reconcile {

namespace {

catalog::Subject subject_of(const Task &task)
{
    return {pg::calling_role(), task.store, task.dataset};
}

} // namespace

std::int64_t microseconds()
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void record_done(const Task &task, const Results &results)
{
    std::vector<catalog::Operation> operations;
    for (const Result &result : results)
        if (result.timing)
            operations.push_back({result.timing->started, result.timing->taken.value_or(0), result.object,
                                  result.action, result.statement, result.cost});
    if (!operations.empty())
        catalog::record_operations(subject_of(task), operations);
}

void record_failed(const Task &task, const Results &results, const Error &error)
{
    catalog::Operation operation;
    operation.started = microseconds();
    operation.object = task.object;
    operation.error = error.sqlstate + ": " + error.message;
    if (!results.empty() && results.back().timing && !results.back().timing->taken) {
        const Result &last = results.back();
        operation.taken = operation.started - last.timing->started;
        operation.started = last.timing->started;
        operation.object = last.object;
        operation.action = last.action;
        operation.statement = last.statement;
        operation.cost = last.cost;
    }
    catalog::record_operations(subject_of(task), {operation});
}

void trim_records()
{
    if (int const seconds = pg::settings::keep_operations(); seconds >= 0)
        catalog::forget_old_operations(seconds);
}

} // namespace datasurface::reconcile
