// Private to reconcile: a dataset or a view is done whole or not at all, and nobody waits for reconcile that reconcile waits for.
//
// A call holds the locks of what it has done until its transaction ends, so it must never stand in a queue for another lock:
// readers who come round the other way would close the circle. Locks are tried. Where one is not free, all that the attempt
// has taken is given back, and it is repeated a little later, until datasurface.ddl_lock_timeout is over.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "pg/table.hpp"
#include "reconcile/plan_tables.hpp"
#include "reconcile/run.hpp"

namespace datasurface::reconcile {

using Results = std::vector<Result>;

// A lock that is held by somebody else, and may be free a little later.
class Busy : public Error {
public:
    explicit Busy(const std::string &what, sqltext::Qualified relation = {});

    sqltext::Qualified relation; // empty: it is no lock of a relation
};

// Runs body under a savepoint; what it did joins the results, or its failure does. A body that finds a lock taken runs again.
void attempt(Results &results, const std::string &object, const std::function<void(Results &)> &body);

// Takes a lock on each relation that exists, in this order. Throws Busy.
void take_locks(const std::vector<sqltext::Qualified> &relations, pg::Lock lock);

// Runs one DDL statement in a role's name.
void execute_step(Results &results, const std::string &role, const Step &step);

} // namespace datasurface::reconcile
