// Private to definition: the query of a dataset, read and tried against the database.
#pragma once

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Who tries the queries of a store, and whether anybody may.
class QueryTrial {
public:
    // Queries run as the store's owner. Only a loader that can SET ROLE to it gets them tried: errors may show what the owner
    // can see.
    QueryTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types);

private:
    void try_out(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                 pg::TypeCache &types);

    std::string store_;
    std::string owner_;
    bool may_try_;
    bool may_wait_ = true; // until a query did not get a lock: others may be locked too
};

} // namespace datasurface::definition
