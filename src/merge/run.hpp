// Merges the staged rows of one dataset into its tables.
#pragma once

#include <string>
#include <vector>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::merge {

// The tables that a merge of a dataset writes to.
std::vector<sqltext::Qualified> tables(const shape::Shape &shape);

// Raises 42501 when code of others, which must not run in this session, stands on the merge or history table; the ingest looks
// at the staging table. SF004 where one of the three lacks a column.
void check(const shape::Shape &shape);

// Locks and checks the tables of a dataset until the transaction ends. To be called for all datasets of a batch before the snapshot
// is taken that they are merged by: a table that somebody rewrote or truncated after it would look empty.
void lock(const shape::Shape &shape);

// Executes the plan as the tables' owner, by one snapshot taken after the stream's lock.
// Throws SF016 when the staged rows are not those that the ingest counted, SF020 for duplicate keys that the dataset's
// policy does not settle, SF021 for a NULL in a key, 40001 when somebody else changed a row that is to be written, 0A000
// when datasurface.merge_engine asks for the native engine where it cannot serve.
// Whatever it throws, nothing of it may be committed.
Result run(const Plan &plan, const pg::Snapshot &snapshot);

} // namespace datasurface::merge
