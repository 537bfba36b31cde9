// definition: validates and loads models, and compares a model with the one before.
//
// This file: all checks of a model document, with and without the database.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/model_version.hpp"
#include "definition/identity.hpp"
#include "model/types.hpp"

namespace datasurface::definition {

// A checked document, ready to be loaded.
struct Candidate {
    model::Model document; // owners filled in
    Identity identity;     // what gets another name
    model::Problems problems;
    std::vector<catalog::ModelPart> parts;   // of the whole new version; kept ones without their text
    std::vector<catalog::ModelPart> leaving; // of the current version
    std::vector<bool> changed_stores;        // by index in document
    std::vector<bool> changed_workspaces;
    std::vector<bool> changed_sources;
    std::vector<bool> changed_credentials;
    std::set<std::string> misread; // pointers to values that could not be read, and to former names that are faulty

    // The store of the loaded model that a store of the document is.
    std::optional<catalog::Store> existing_store(std::size_t index) const;
    std::optional<catalog::Workspace> existing_workspace(std::size_t index) const;
    std::optional<catalog::Source> existing_source(std::size_t index) const;
    std::optional<catalog::Credential> existing_credential(std::size_t index) const;

    // A source of the loaded model that is another database now, or is read by another credential: rows that are staged from it are outdated.
    bool is_moved(std::size_t source) const;

    // True when a value at the pointer or below it could not be read. Differences from the loaded model are then not reported.
    bool is_misread(const std::string &pointer) const;
};

// caller: the role that loads it. replace: the document is the whole model; otherwise parts that it does not name stay.
Candidate check(const std::string &text, bool replace, const std::string &caller);

} // namespace datasurface::definition
