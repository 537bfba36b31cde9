// Plans of the queries of datasets, kept for the session in bounded memory: to read and plan a query again takes a quarter of a small
// batch. PostgreSQL's plan cache reads a kept query again when a relation, function or type that it needs has changed, or the role
// where that matters. PostgreSQL's regime.
#pragma once

#include <string>

#include "pg/boundary.hpp"

extern "C" {
#include "executor/spi.h"
}

namespace datasurface::pg {

// The query of a dataset, and the types that its columns must have: the same query may be checked for another dataset.
struct Source {
    const std::string &query;
    const std::string &types;
};

// Is a plan kept that is up to date, and whose tables are about as large as when it was made?
bool has_source_plan(const Source &source);

// The kept plan of the query. If there is none, it is prepared, and kept if there is room. Valid until SPI is left; call it within SPI.
SPIPlanPtr source_plan(const Source &source);

// Makes the generic plan, if it is not there, and so locks all that the query reads until the transaction ends.
void lock_by_plan(SPIPlanPtr plan);

// Makes the next transaction check the query and plan it again.
void forget_source_plan(const Source &source);

} // namespace datasurface::pg
