// definition: validates and loads models, and compares a model with the one before.
//
// This file: everything that can be wrong with a model document, asking the database too.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/model_version.hpp"
#include "model/types.hpp"

namespace datasurface::definition {

// What a document would change about a store whose tables exist, and cannot.
struct Move {
    bool schema = false;
    bool owner = false;
};

// A document on its way into the catalog.
struct Candidate {
    model::Model document; // owners filled in
    model::Problems problems;
    std::vector<catalog::ModelPart> parts;   // of the whole new version; kept ones without their text
    std::vector<catalog::ModelPart> leaving; // of the current version
    std::vector<bool> changed_stores;        // by index in document
    std::vector<bool> changed_workspaces;
    std::vector<Move> moves;       // of stores; what only follows from one is not told
    std::set<std::string> misread; // pointers to what could not be read

    // Was something in there misread? What seems to differ from before then need not differ.
    bool is_misread(const std::string &pointer) const;
};

// caller: who loads it. replace: the document is the whole model; otherwise what it does not name stays.
Candidate check(const std::string &text, bool replace, const std::string &caller);

} // namespace datasurface::definition
