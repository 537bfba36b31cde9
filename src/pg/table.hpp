// What SQL does not offer about a table, or only at a price.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

bool exists(const sqltext::Qualified &table);

// Throws SF004 for the first of the columns that a table of ds_reconcile_schema lacks, and 42P01 where it is missing. Says nothing
// of what is no table: that is refused where it is locked.
void require_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns);

// Whether no two rows of a table can be equal in these columns: a unique index is on them, or on some of them. True too for what is no
// plain table: partitioned by other columns, it cannot have such an index.
bool has_key(const sqltext::Qualified &table, const std::vector<std::string> &columns);

// Takes ROW EXCLUSIVE on a table and its partitions until the transaction ends, and makes sure that they belong to a role: whose table it is,
// whose triggers and index expressions run when it is written to. Throws 42P01 where it is missing, 42501 where it is
// somebody else's, 42809 where it is no table.
void lock_owned(const sqltext::Qualified &table, const std::string &owner);

// Size of a table's main file in kB. Throws 42P01 where it is missing.
std::int64_t kilobytes(const sqltext::Qualified &table);

// Takes ACCESS EXCLUSIVE on a table until the transaction ends, if a TRUNCATE of it will succeed: nobody is in the way, this session's
// own cursors and triggers included, and no foreign key refers to it. Never waits. False too when there is no such table.
bool try_lock_to_truncate(const sqltext::Qualified &table);

// PostgreSQL's, of that name.
enum class Lock { access_share, share_update_exclusive, share, access_exclusive };

// Takes a lock on a table with its partitions, or on a view, until the (sub)transaction is rolled back or the transaction ends, if it
// is free. Never waits. True too when there is no such relation.
bool try_lock(const sqltext::Qualified &relation, Lock lock);

} // namespace datasurface::pg
