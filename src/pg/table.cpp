#include "pg/table.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/savepoint.hpp"
#include "pg/session.hpp"
#include "pg/table_raising.hpp"

namespace datasurface::pg {

namespace {

[[noreturn]] void throw_missing(const sqltext::Qualified &table, const shape::Advice &advice)
{
    throw Error(sqlstate::undefined_table, "table " + table.sql() + " does not exist", advice.detail, advice.hint);
}

} // namespace

unsigned int oid_of(const sqltext::Qualified &table)
{
    return call([&] { return find_relation(table); });
}

bool exists(const sqltext::Qualified &table)
{
    return call([&] { return OidIsValid(find_relation(table)); });
}

void require_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns,
                     const shape::TableAdvice &advice)
{
    FoundColumns const found = call([&] { return find_columns(table, columns); });
    if (!found.table)
        throw_missing(table, advice.missing_table);
    if (found.count < columns.size())
        throw Error(sqlstate::cannot_reconcile,
                    "table " + table.sql() + " lacks column " + sqltext::identifier(columns[found.count]),
                    advice.missing_column.detail, advice.missing_column.hint);
}

bool has_key(const sqltext::Qualified &table, const std::vector<std::string> &columns)
{
    return call([&] { return has_unique_key(table, columns); });
}

void lock_owned(const sqltext::Qualified &table, const std::string &owner, const shape::TableAdvice &advice)
{
    Oid const role = role_id(owner);
    LockedTable const locked = call([&] { return lock_table(table, role); });
    if (!locked.exists)
        throw_missing(table, advice.missing_table);
    if (!locked.belongs_to_role)
        throw Error(sqlstate::insufficient_privilege,
                    "table " + table.sql() + ", or a partition of it, does not belong to role \"" + owner + "\"",
                    "The owner of the store writes to it, and code attached to it would run in that role's name.",
                    "Look at the triggers and rules of the table, then give it back: ALTER TABLE " + table.sql() +
                        " OWNER TO " + sqltext::identifier(owner) + ";");
    // the tables behind a view have owners and triggers of their own
    if (!locked.is_table)
        throw Error(sqlstate::wrong_object_type, table.sql() + " is no table", advice.other_kind.detail,
                    advice.other_kind.hint);
}

bool lock_if_owned(const sqltext::Qualified &table, const std::string &owner)
{
    if (!role_exists(owner))
        return false;
    Oid const role = role_id(owner);
    LockedTable const locked = call([&] { return lock_table(table, role); });
    return locked.exists && locked.is_table && locked.belongs_to_role;
}

std::int64_t kilobytes(const sqltext::Qualified &table)
{
    return call([&] { return kilobytes_of(table); });
}

std::optional<std::int64_t> bytes_without_waiting(unsigned int table)
{
    std::int64_t const bytes = call([&] { return bytes_if_free(table); });
    return bytes < 0 ? std::nullopt : std::optional(bytes);
}

bool try_lock_to_truncate(const sqltext::Qualified &table)
{
    return call([&] { return lock_to_truncate(table); });
}

bool wait_for_entry(const sqltext::Qualified &catalog, int id, int milliseconds)
{
    std::optional<Error> const failure = savepoint(
        [&] {
            set_lock_timeout(std::max(milliseconds, 1));
            call([&] { lock_entry(catalog, id); });
        },
        OnError::return_busy_locks_and_refusals);
    if (failure && failure->sqlstate != sqlstate::lock_not_available)
        throw Error(*failure);
    return !failure;
}

bool try_lock(const sqltext::Qualified &relation, Lock lock)
{
    return call([&] { return lock_if_free(relation, lock); });
}

} // namespace datasurface::pg
