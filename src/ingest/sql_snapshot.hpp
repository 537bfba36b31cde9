// Ingestion of kind sql_snapshot: a query of the model gives the rows.
#pragma once

#include <memory>
#include <string>

#include "heap/arriving.hpp"
#include "ingest/plan_pull.hpp"
#include "ingest/reported.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

// The load of the model has checked the query. It is checked again here, because it becomes part of a statement here. Throws SF001.
std::string plain_select(const shape::Shape &shape, const std::string &query);

// Looks for code of others in what the query, a plain_select, reads, checks the columns that it gives, and locks the tables that it
// reads until the transaction ends. exact: nullptr if the table may have other columns.
void lock_sources(const shape::Shape &shape, const std::string &select, const ExactTable *exact);

// What ingest::open_as_owner promises.
std::unique_ptr<heap::Arriving> open_query_as_owner(const shape::Shape &shape, const std::string &select,
                                                    const pg::Snapshot &snapshot);

// Stages what the query, a plain_select, sees in the snapshot. Works as the current role, which is the owner of the shape.
merge::Staged fill_as_owner(const shape::Shape &shape, const std::string &select, const pg::Snapshot &snapshot,
                            Receipt &receipt);

} // namespace datasurface::ingest
