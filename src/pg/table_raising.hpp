// Private to table.cpp: looks at tables and locks them.
#pragma once

#include <cstdint>

#include "pg/table.hpp"

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

// InvalidOid when there is none.
Oid find_relation(const sqltext::Qualified &table);

struct FoundColumns {
    bool table;        // exists
    std::size_t count; // of the columns, up to the first that is missing; all of what is no table
};
FoundColumns find_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns);

// These are the functions of table.hpp.
bool has_unique_key(const sqltext::Qualified &table, const std::vector<std::string> &columns);
std::int64_t bytes_if_free(Oid relation); // -1: it is not
std::int64_t kilobytes_of(const sqltext::Qualified &table);
bool lock_to_truncate(const sqltext::Qualified &table);
bool lock_if_free(const sqltext::Qualified &relation, Lock lock);
void lock_entry(const sqltext::Qualified &catalog, int id);

struct LockedTable {
    bool exists;
    bool is_table; // ordinary or partitioned
    bool belongs_to_role;
};
LockedTable lock_table(const sqltext::Qualified &table, Oid role);

} // namespace datasurface::pg
