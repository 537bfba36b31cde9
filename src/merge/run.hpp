// Merges the staged rows of one dataset into its tables.
#pragma once

#include <string>
#include <vector>

#include "merge/plan_changes.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// The tables that a merge of a dataset writes to.
std::vector<sqltext::Qualified> tables(const shape::Shape &shape);

// Throws 42501 when the merge or history table has functions that must not run in this session, SF004 when one of them lacks a
// column, or the merge table its key. The ingest looks at the staging table.
void check(const shape::Shape &shape);

// Checks the tables of a dataset and locks them until the transaction ends. Call it for all datasets of a batch before taking the
// snapshot that they are merged by: a table that is rewritten or truncated after that looks empty to the snapshot.
// staging_is_checked: by an ingest of this transaction, which has kept its lock.
void lock(const shape::Shape &shape, bool staging_is_checked);

// Executes the plan as the tables' owner, by one snapshot taken after the stream's lock.
// Throws SF016 when the staged rows are not those that the ingest counted, SF020 for duplicate keys where the plan allows none,
// SF021 for a NULL in a key, 40001 when somebody else changed a row that is to be written, 0A000 when datasurface.merge_engine
// is native and the native engine cannot merge these tables.
// After an error, or when `inspect` has answered false, the transaction or subtransaction must be rolled back.
// inspect: runs as the tables' owner.
Result run(const Plan &plan, const pg::Snapshot &snapshot, const Inspect &inspect);

} // namespace datasurface::merge
