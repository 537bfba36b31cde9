// Private to definition: what the parts of a document were called in the loaded model.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "catalog/credential.hpp"
#include "catalog/dataset.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "catalog/workspace.hpp"
#include "definition/plan_identity.hpp"
#include "model/report.hpp"

namespace datasurface::definition {

// Of a store of the document whose datasets or columns get other names.
struct RenamesWithin {
    FormerNames datasets;
    std::map<std::size_t, FormerNames> columns; // by position of the dataset
};

// Only what gets another name, by position in the document.
struct Identity {
    FormerNames stores;
    FormerNames workspaces;
    FormerNames sources;
    FormerNames credentials;
    std::map<std::size_t, RenamesWithin> within;

    // The name in the loaded model, if it is there.
    const std::string &store_before(const model::Model &document, std::size_t store) const;
    const std::string &workspace_before(const model::Model &document, std::size_t workspace) const;
    const std::string &source_before(const model::Model &document, std::size_t source) const;
    const std::string &credential_before(const model::Model &document, std::size_t credential) const;
    const std::string &dataset_before(const model::Model &document, std::size_t store, std::size_t dataset) const;
    const FormerNames &columns_before(std::size_t store, std::size_t dataset) const;
};

// Resolves each "was" against the loaded model, and reports those that cannot be. is_new: nothing is loaded.
Identity find_identity(model::Report &problems, const model::Model &document, bool is_new);

// Reports what the document does not name and what refers to a former name. kept: that part of the loaded model. Whoever took the
// former name later would be referred to.
void check_references_to_former_names(model::Report &problems, const Identity &identity, const model::Model &document,
                                      const model::Model &kept);

} // namespace datasurface::definition
