// A staging table, and all that emptying it needs. While a change of the model is not reconciled, the table has another name or owner
// than the shape says.
#pragma once

#include <string>

#include "shape/tables.hpp"

namespace datasurface::ingest {

struct StagingTable {
    std::string title; // of the dataset, for messages
    sqltext::Qualified name;
    std::string owner;
    bool logged = true;
};

StagingTable staging_table(const shape::Shape &shape);

} // namespace datasurface::ingest
