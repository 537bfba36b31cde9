// Private to reconcile: a dataset or a view is done whole or not at all, and no lock is waited for.
//
// A call holds the locks of what it has done until its transaction ends, so it must never stand in a queue for another lock:
// readers who come round the other way would close the circle. Locks are tried. Where one is not free, all that the attempt
// has taken is given back. When everything was tried once, what is left is tried again, until the pauses between come to
// datasurface.ddl_lock_timeout, or until the holder of such a lock waits for this call.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "pg/table.hpp"
#include "reconcile/run.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

using Results = std::vector<Result>;

// A lock that is held by somebody else, and may be free a little later.
class Busy : public Error {
public:
    explicit Busy(const std::string &what, sqltext::Qualified relation = {});

    sqltext::Qualified relation; // empty: it is no lock of a relation
};

struct Task {
    std::string object;
    std::function<void(Results &)> body;
};

// The pauses of one call, all together: readers of what is done wait as long.
class Waiting {
public:
    // busy: whose locks were not free
    bool is_of_use(const std::vector<sqltext::Qualified> &busy);
    void pause();

private:
    bool is_over() const;

    static constexpr int first_pause = 10; // milliseconds
    static constexpr int longest_pause = 100;

    int waited_ = 0;
    int pause_ = first_pause;
    bool autovacuum_was_told_ = false;
};

// Runs each task under a savepoint; what they did joins the results in their order, or their failures do. A task that finds a
// lock taken runs again.
void attempt(Results &results, Waiting &waiting, const std::vector<Task> &tasks);

// Takes a lock on each relation that exists, in this order. Throws Busy.
void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock);

} // namespace datasurface::reconcile
