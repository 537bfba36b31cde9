#include "pg/table.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/session.hpp"
#include "pg/table_raising.hpp"

namespace datasurface::pg {

namespace {

[[noreturn]] void throw_missing(const sqltext::Qualified &table)
{
    throw Error(
        sqlstate::undefined_table, "table " + table.sql() + " does not exist",
        "ds_reconcile_schema made it; it was dropped, renamed or moved since.",
        "Put it back as it was. Or call ds_reconcile_schema(), which makes it anew without the rows that it had.");
}

} // namespace

bool exists(const sqltext::Qualified &table)
{
    return call([&] { return OidIsValid(find_relation(table)); });
}

void require_columns(const sqltext::Qualified &table, const std::vector<std::string> &columns)
{
    FoundColumns const found = call([&] { return find_columns(table, columns); });
    if (!found.table)
        throw_missing(table);
    if (found.count < columns.size())
        throw Error(sqlstate::cannot_reconcile,
                    "table " + table.sql() + " lacks column " + sqltext::identifier(columns[found.count]),
                    "It was dropped or renamed since ds_reconcile_schema made it.",
                    "Rename it back; or call ds_reconcile_schema(), which adds a nullable column without its values.");
}

bool has_key(const sqltext::Qualified &table, const std::vector<std::string> &columns)
{
    return call([&] { return has_unique_key(table, columns); });
}

void lock_owned(const sqltext::Qualified &table, const std::string &owner)
{
    Oid const role = role_id(owner);
    LockedTable const locked = call([&] { return lock_table(table, role); });
    if (!locked.exists)
        throw_missing(table);
    if (!locked.belongs_to_role)
        throw Error(sqlstate::insufficient_privilege,
                    "table " + table.sql() + ", or a partition of it, does not belong to role \"" + owner + "\"",
                    "The owner of the store writes to it, and code attached to it would run in that role's name.",
                    "Look at the triggers and rules of the table, then give it back: ALTER TABLE " + table.sql() +
                        " OWNER TO " + sqltext::identifier(owner) + ";");
    // what stands behind a view has an owner and triggers of its own
    if (!locked.is_table)
        throw Error(sqlstate::wrong_object_type, table.sql() + " is no table",
                    "A view or something else stands where ds_reconcile_schema had made a table.",
                    "Put an ordinary or partitioned table back; or drop what is there, and call ds_reconcile_schema.");
}

std::int64_t kilobytes(const sqltext::Qualified &table)
{
    return call([&] { return kilobytes_of(table); });
}

bool try_lock_to_truncate(const sqltext::Qualified &table)
{
    return call([&] { return lock_to_truncate(table); });
}

bool try_lock(const sqltext::Qualified &relation, Lock lock)
{
    return call([&] { return lock_if_free(relation, lock); });
}

} // namespace datasurface::pg
