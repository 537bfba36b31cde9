// Private to definition: the defaults of columns, read by PostgreSQL.
#pragma once

#include <string>

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Of the columns of a store.
class DefaultTrial {
public:
    // caller: the loader. Defaults are read as the store's owner, as queries are planned: see check_query.hpp.
    DefaultTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types) const;

private:
    std::string owner_;
    bool may_try_;
};

} // namespace datasurface::definition
