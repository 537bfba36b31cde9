// Questions about a table, and locks on it, that SQL does not offer or that cost more in SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shape/advice.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::pg {

bool exists(const sqltext::Qualified &table);

// Its OID; 0 when there is none of that name.
unsigned int oid_of(const sqltext::Qualified &table);

// Throws SF004 for the first of the columns that the table lacks, and 42P01 when there is no table of that name. A relation that is
// no table passes: lock_owned refuses it. advice: DETAIL and HINT of the errors.
void require_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns,
                     const shape::TableAdvice &advice);

// True when a unique index guarantees that no two rows of the table are equal in these columns: it is on all or some of them. Also
// true for a relation that is no ordinary table: a table partitioned by other columns cannot have such an index.
bool has_key(const sqltext::Qualified &table, const std::vector<std::string> &columns);

// Takes ROW EXCLUSIVE on a table and its partitions until the transaction ends. Makes sure that they belong to the role `owner`, because
// the owner's triggers and index expressions run when the table is written to. Throws 42P01 when the table is missing, 42501 when
// it or a partition belongs to another role, 42809 when it is no table. advice: DETAIL and HINT of 42P01 and 42809.
void lock_owned(const sqltext::Qualified &table, const std::string &owner, const shape::TableAdvice &advice);

// Takes the same locks. False when there is no such table, or it or a partition belongs to another role.
bool lock_if_owned(const sqltext::Qualified &table, const std::string &owner);

// Size of a table's main file in kB. Throws 42P01 when it is missing.
std::int64_t kilobytes(const sqltext::Qualified &table);

// Size of its main file, by the table's OID; nothing when somebody has locked it against readers. Keeps no lock.
std::optional<std::int64_t> bytes_without_waiting(unsigned int table);

// Takes ACCESS EXCLUSIVE on a table until the transaction ends, if a TRUNCATE of it will succeed: the lock is free, no cursor or waiting
// trigger of this session uses the table, and no foreign key refers to it. Never waits. Also false when there is no such table.
bool try_lock_to_truncate(const sqltext::Qualified &table);

// PostgreSQL's, of that name.
enum class Lock { access_share, share_update_exclusive, share, access_exclusive };

// Takes a lock on a table with its partitions, or on a view, if it is free. The lock lasts until the (sub)transaction is rolled back
// or the transaction ends. Never waits. Also true when there is no such relation.
bool try_lock(const sqltext::Qualified &relation, Lock lock);

// Takes a lock on an entry of a catalog of ours, by its id, until the transaction ends. No statement of others takes it: it is neither a
// lock of rows, which those who write to the catalog would wait for, nor an advisory lock, which everybody may take. Waits that long, 0:
// a moment; false: it was not free.
bool wait_for_entry(const sqltext::Qualified &catalog, int id, int milliseconds);

} // namespace datasurface::pg
