// Writes model values as JSON text.
#pragma once

#include <string>

#include "model/types.hpp"

namespace datasurface::model {

// The canonical JSON of one part: members sorted, defaults written out, but for brakes and when_held, and without "was". The
// catalog stores this text and its digest.
std::string to_json(const Store &store); // with its datasets
std::string to_json(const Dataset &dataset);
std::string to_json(const Workspace &workspace);

// The same without descriptions, brakes, checks, references and first loads, and without ids and defaults of columns, but with the place of the
// source; null: this database. Datasets with equal texts are ingested, stored and merged alike.
std::string behaviour_json(const Dataset &dataset, const Source *source = nullptr);

// The part of it that decides which rows the source gives, with who reads them: a mark that was taken under another says nothing.
// owner: of the store.
std::string rows_json(const Dataset &dataset, const std::string &owner, const Source *source = nullptr);

// The part of it that the dataset's tables depend on.
std::string tables_json(const Dataset &dataset);

// Brakes, checks and references, and what becomes of a batch that they hold.
std::string rules_json(const Rules &rules);

// Only what a store says of who may do what.
std::string access_json(const Access &access);

} // namespace datasurface::model
