#pragma once

#include <memory>
#include <string>

#include "heap/arriving.hpp"
#include "ingest/origin.hpp"
#include "ingest/plan_pull.hpp"
#include "ingest/staging_table.hpp"
#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

// Each of these works as the owner of the table, and first checks that the table belongs to that role. The check is repeated because
// a lock does not keep the schema from being renamed, and the name may lead to another table then.

// Locks the staging table until the transaction ends. Throws 42501 when the table has functions that must not run in this
// session.
void lock(const StagingTable &table);

// Locks the tables that the query reads, too. Throws when the staging table or the query lacks a column. Call it before taking the
// snapshot of pull(): an earlier holder of these locks may have rewritten or truncated a table, and the snapshot must see that.
// pull: nullptr for pushed rows. Returns its query as one plain SELECT.
std::string lock_to_stage(const shape::Shape &shape, const Pull *pull, Origin &origin);

// Empties the staging table and fills it with the rows that the SELECT from lock_to_stage() returns. batch: its number, for the view merge_progress.
merge::Staged pull(const shape::Shape &shape, int batch, const std::string &select, const pg::Snapshot &snapshot,
                   Origin &origin);

// Opens the rows of the SELECT from lock_to_stage(), to be compared as they arrive. nullptr when they cannot be. Works as the current role,
// which is the owner of the shape.
std::unique_ptr<heap::Arriving> open_as_owner(const shape::Shape &shape, const std::string &select,
                                              const pg::Snapshot &snapshot, Origin &origin);

// Waits for transactions that are staging rows, and counts the staged rows. Rows that arrive later belong to the next batch.
merge::Staged seal(const shape::Shape &shape);

// True when no row is staged.
bool is_empty(const StagingTable &table);

// Removes the staged rows of a batch, which the snapshot sees.
void clear(const StagingTable &table, const merge::Staged &staged, const pg::Snapshot &snapshot);
// Removes all rows that the snapshot sees, however many.
void clear_all(const StagingTable &table, const pg::Snapshot &snapshot);

} // namespace datasurface::ingest
