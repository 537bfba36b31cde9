// Private to definition: parses the query or filter of a dataset, and plans what it reads in the database.
#pragma once

#include "ingest/plan_pull.hpp"
#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Parses the queries and filters of a store, and tries them against the database, when the loader may. What a source runs is only
// parsed: a load reads no other server.
class QueryTrial {
public:
    // caller: the loader. Queries are tried as the store's owner, and only if the loader can SET ROLE to the owner, because errors
    // may show what the owner can see.
    QueryTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types);

private:
    void try_out(model::Report &problems, const model::Dataset &dataset, const ingest::Pull &pull,
                 const std::string &pointer, pg::TypeCache &types);

    std::string store_;
    std::string owner_;
    bool may_try_;
    bool may_wait_ = true; // false after a query did not get a lock, because others may be locked too
};

} // namespace datasurface::definition
