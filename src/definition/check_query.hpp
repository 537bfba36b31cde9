// Private to definition: the query of a dataset, read and tried against the database.
#pragma once

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Who tries the queries of a store, and whether anybody may.
class QueryTrial {
public:
    // Queries run as the store's owner, so who loads the model must be able to become that role: nobody else is told what the
    // owner can see.
    QueryTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types);

private:
    void try_out(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                 pg::TypeCache &types);

    std::string store_;
    std::string owner_;
    bool may_try_;
    bool patient_ = true; // a lock is waited for once; where one was busy, more may be
};

} // namespace datasurface::definition
