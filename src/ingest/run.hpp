#pragma once

#include <string>

#include "merge/plan.hpp"
#include "pg/spi.hpp"

namespace datasurface::ingest {

// All of these work as the tables' owner, and first look whose table it is, each time anew: the lock keeps the
// table what it is, but not its schema from being renamed, and another one from being made in its place.

// Locks the staging table and what the query reads, until the transaction ends, and looks for code of others there (42501). To be called before the snapshot is taken
// that pull reads by: whoever rewrote or truncated a source before has committed then, and is seen whole.
// query: empty for pushed rows.
void lock(const shape::Shape &shape, const std::string &query);

// Empties the staging table and fills it with what the query sees in the snapshot.
merge::Staged pull(const shape::Shape &shape, const std::string &query, const pg::Snapshot &snapshot);

// Counts what others have staged, after the last of those who are still at it has ended. Rows that come later belong to
// the next batch.
merge::Staged seal(const shape::Shape &shape);

// Is nothing staged?
bool is_empty(const shape::Shape &shape);

// Removes the rows that the snapshot sees, up to an arrival. rows: how many they are.
void clear(const shape::Shape &shape, const merge::Staged &staged, const pg::Snapshot &snapshot);
// Removes all rows that the snapshot sees, however many.
void clear_all(const shape::Shape &shape, const pg::Snapshot &snapshot);

} // namespace datasurface::ingest
