// Private to lint: the references of sinks and consumers.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// What sinks and consumers may refer to: datasets by store, and workspaces, of the document and of the kept model.
class Known {
public:
    explicit Known(const Model &document, const Model &kept);

    void lint_reference(const Sink &sink, const Pointer &at, Report &report) const;
    void lint_reference(const Consumer &consumer, const Pointer &at, Report &report) const;

    // nullptr: there is none of that name
    const Dataset *find(const Sink &sink) const;

private:
    void take(const Model &model);

    // The name that the document gives to what had another one; empty: there is none.
    std::string_view store_now(const std::string &former) const;
    std::string_view dataset_now(const Sink &sink) const;

    std::map<std::string_view, std::map<std::string_view, const Dataset *>> datasets;
    std::set<std::string_view> workspaces;
    std::map<std::string_view, std::string_view> stores_now; // by their former names
    std::map<std::pair<std::string_view, std::string_view>, std::string_view>
        datasets_now; // by their stores and their former names
};

} // namespace datasurface::model
