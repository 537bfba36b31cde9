// Private to definition: the conditions and references of datasets, tried in the database.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/report.hpp"
#include "model/types.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

// Of the datasets of a store.
class RuleTrial {
public:
    // caller: the loader. Conditions are planned as the store's owner, as queries are: see check_query.hpp.
    RuleTrial(const model::Store &store, const std::string &caller);

    void check(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
               pg::TypeCache &types);

private:
    void check_reference(model::Report &problems, const model::Dataset &dataset, const model::Reference &reference,
                         const std::string &pointer, pg::TypeCache &types);

    std::string owner_;
    bool may_try_;
    std::map<std::string_view, const model::Dataset *> datasets_;
};

} // namespace datasurface::definition
