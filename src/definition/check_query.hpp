// Private to definition: parses the query of a dataset, and plans it in the database.
#pragma once

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Tries the queries of a store against the database, when the loader may.
class QueryTrial {
public:
    // caller: the loader. Queries are tried as the store's owner, and only if the loader can SET ROLE to the owner, because errors
    // may show what the owner can see.
    QueryTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types);

private:
    void try_out(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                 pg::TypeCache &types);

    std::string store_;
    std::string owner_;
    bool may_try_;
    bool may_wait_ = true; // false after a query did not get a lock, because others may be locked too
};

} // namespace datasurface::definition
