// Private to reconcile: a dataset or a view is changed completely or not at all, and no statement waits for a lock.
//
// A call holds its locks until its transaction ends. If it waited for another lock, it could deadlock with readers that lock
// in another order. So locks are only tried. If one is not available, the attempt rolls back to its savepoint, which
// releases its locks. After all tasks were tried once, those that failed are tried again, until the pauses add up to
// datasurface.ddl_lock_timeout, or until the holder of such a lock waits for this call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "pg/table.hpp"
#include "reconcile/run.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

using Results = std::vector<Result>;

// Another transaction holds a lock. A later attempt may get it.
class LockNotAvailable : public Error {
public:
    explicit LockNotAvailable(const std::string &what, sqltext::Qualified relation = {});

    sqltext::Qualified relation; // empty: the lock is not on a relation
};

struct Task {
    std::string object;
    std::string store;   // empty: it belongs to none
    std::string dataset; // empty: to none
    std::function<void(Results &)> body;
    std::string act = "reconcile"; // for messages
};

struct Failure {
    Error error;
    bool may_pass = false;       // once another transaction releases its lock
    sqltext::Qualified relation; // the locked relation, where it is known
};

// Runs the task once, under a savepoint, and records what was done. After a failure, `results` has what was done until then.
std::optional<Failure> try_once(Results &results, const Task &task);

// Counts all pauses of one call. Readers of the objects that are done already wait during them.
class Waiting {
public:
    // True when another attempt may succeed. busy: the relations whose locks were not available.
    bool should_retry(const std::vector<sqltext::Qualified> &busy);
    void pause();

private:
    bool is_over() const;

    static constexpr int first_pause = 10; // milliseconds
    static constexpr int longest_pause = 100;

    int waited_ = 0;
    int pause_ = first_pause;
    bool autovacuum_was_cancelled_ = false;
};

// Runs each task under a savepoint, and returns the results of each, or its failure. A task that cannot get a lock runs again. What
// was done and what failed is recorded.
std::vector<Results> attempt(Waiting &waiting, const std::vector<Task> &tasks);

// The same for one task, whose failure is thrown.
Results attempt_one(Waiting &waiting, const Task &task);

// Until the end of the call, statements fail instead of waiting.
void do_not_wait_for_locks();

// Locks each relation that exists, in this order, without waiting. Throws LockNotAvailable.
void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock);

} // namespace datasurface::reconcile
