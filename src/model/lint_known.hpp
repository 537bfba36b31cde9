// Private to lint: the references of sinks, consumers, stores and sources.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "model/report.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// What the parts of a document may refer to, in the document and in the kept model: datasets by store, workspaces, sources and
// credentials.
class Known {
public:
    explicit Known(const Model &document, const Model &kept);

    void lint_reference(const Sink &sink, const Pointer &at, Report &report) const;
    void lint_reference(const Consumer &consumer, const Pointer &at, Report &report) const;
    void lint_reference(const Store &store, const Pointer &at, Report &report) const;
    void lint_reference(const Source &source, const Pointer &at, Report &report) const;

    // nullptr: there is none of that name
    const Dataset *find(const Sink &sink) const;
    const Credential *find_credential(const std::string &name) const;

private:
    void take(const Model &model);

    // The name that the document gives to what had another one; empty: there is none.
    std::string_view store_now(const std::string &former) const;
    std::string_view dataset_now(const Sink &sink) const;

    std::map<std::string_view, std::map<std::string_view, const Dataset *>> datasets;
    std::set<std::string_view> workspaces;
    std::map<std::string_view, const Source *> sources;
    std::map<std::string_view, const Credential *> credentials;
    std::map<std::string_view, std::string_view> sources_now; // by their former names
    std::map<std::string_view, std::string_view> credentials_now;
    std::map<std::string_view, std::string_view> stores_now; // by their former names
    std::map<std::pair<std::string_view, std::string_view>, std::string_view>
        datasets_now; // by their stores and their former names
};

} // namespace datasurface::model
