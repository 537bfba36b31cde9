#include "catalog/store.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/part.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/settings.hpp"
#include "pg/spi.hpp"
#include "pg/table.hpp"

namespace datasurface::catalog {

namespace {

constexpr char columns[] = "SELECT store_id, name, schema_name, owner, consistency, loaded_by, coalesce(source, '')"
                           " FROM datasurface.store ";

Store from_row(const pg::Rows &rows, std::size_t row)
{
    return {rows.integer(row, 0),
            rows.text(row, 1),
            rows.text(row, 2),
            rows.text(row, 3),
            rows.text(row, 4) == model::word(model::Consistency::multi) ? model::Consistency::multi
                                                                        : model::Consistency::single,
            rows.text(row, 5),
            rows.text(row, 6)};
}

[[noreturn]] void no_store(int id)
{
    throw Error(sqlstate::internal_error, "there is no store " + std::to_string(id));
}

} // namespace

std::optional<Store> find_store(const std::string &name)
{
    pg::Rows const rows = pg::query_kept({"find_store", std::string(columns) + "WHERE name = $1", {name}});
    if (rows.empty())
        return std::nullopt;
    return from_row(rows, 0);
}

Store store(int id)
{
    pg::Rows const rows = pg::query_kept({"store", std::string(columns) + "WHERE store_id = $1", {id}});
    if (rows.empty())
        no_store(id);
    return from_row(rows, 0);
}

std::vector<Store> stores_in_model()
{
    pg::Rows const rows =
        pg::query_kept({"stores_in_model", std::string(columns) + "WHERE in_model ORDER BY name", {}});
    std::vector<Store> all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.push_back(from_row(rows, row));
    return all;
}

std::optional<Store> find_store_in_model(const std::string &name)
{
    for (Store &store : stores_in_model())
        if (store.name == name)
            return std::move(store);
    return std::nullopt;
}

std::vector<Store> stores_of_source(const std::string &source)
{
    pg::Rows const rows = pg::query_kept(
        {"stores_of_source", std::string(columns) + "WHERE in_model AND source = $1 ORDER BY name", {source}});
    std::vector<Store> all;
    for (std::size_t row = 0; row < rows.size(); ++row)
        all.push_back(from_row(rows, row));
    return all;
}

std::map<std::string, bool, std::less<>> store_names()
{
    return part_names("store");
}

bool wait_for_store(const std::string &name)
{
    std::optional<Store> const store = find_store(name);
    return !store || pg::wait_for_entry({"datasurface", "store"}, store->id, pg::settings::ddl_lock_timeout());
}

model::Access access(int id)
{
    pg::Rows const rows = pg::query_kept({"access", "SELECT access FROM datasurface.store WHERE store_id = $1", {id}});
    if (rows.empty())
        no_store(id);
    return model::access_from_json(rows.text(0, 0));
}

int save_store(const model::Store &store, const std::string &loaded_by)
{
    pg::Rows const rows = pg::query_kept(
        {"save_store",
         "INSERT INTO datasurface.store (name, schema_name, owner, consistency, description, access, loaded_by, in_model, source)"
         " VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, true, $8)"
         " ON CONFLICT (name) DO UPDATE SET schema_name = EXCLUDED.schema_name, owner = EXCLUDED.owner,"
         " consistency = EXCLUDED.consistency, description = EXCLUDED.description, access = EXCLUDED.access,"
         " loaded_by = EXCLUDED.loaded_by, in_model = true, source = EXCLUDED.source"
         " RETURNING store_id",
         {store.name, store.schema, store.owner, std::string(model::word(store.consistency)),
          store.description ? *store.description : "", model::access_json(store), loaded_by,
          sqltext::or_null(store.source ? *store.source : "")}});
    return rows.integer(0, 0);
}

void retire_store(int id)
{
    pg::execute_kept({"retire_store", "UPDATE datasurface.store SET in_model = false WHERE store_id = $1", {id}});
}

void rename_store(int id, const std::string &name)
{
    pg::execute_kept({"rename_store", "UPDATE datasurface.store SET name = $2 WHERE store_id = $1", {id, name}});
}

} // namespace datasurface::catalog
