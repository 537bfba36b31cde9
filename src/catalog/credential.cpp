#include "catalog/credential.hpp"

#include "model/parse.hpp"
#include "model/write_source.hpp"
#include "pg/spi.hpp"

namespace datasurface::catalog {

std::optional<Credential> find_credential(const std::string &name)
{
    pg::Rows const rows =
        pg::query_kept({"find_credential",
                        "SELECT credential_id, definition, owner, in_model FROM datasurface.credential WHERE name = $1",
                        {name}});
    if (rows.empty())
        return std::nullopt;
    Credential credential{rows.integer(0, 0), model::credential_from_json(rows.text(0, 1)), rows.boolean(0, 3)};
    credential.definition.owner = rows.text(0, 2);
    return credential;
}

std::map<std::string, bool, std::less<>> credential_names()
{
    pg::Rows const rows = pg::query_kept({"credential_names", "SELECT name, in_model FROM datasurface.credential", {}});
    std::map<std::string, bool, std::less<>> names;
    for (std::size_t row = 0; row < rows.size(); ++row)
        names.emplace(rows.text(row, 0), rows.boolean(row, 1));
    return names;
}

void save_credential(const model::Credential &credential, const std::string &loaded_by)
{
    pg::execute_kept({"save_credential",
                      "INSERT INTO datasurface.credential (name, owner, definition, loaded_by, in_model)"
                      " VALUES ($1, $2, $3::jsonb, $4, true)"
                      " ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, definition = EXCLUDED.definition,"
                      " loaded_by = EXCLUDED.loaded_by, in_model = true",
                      {credential.name, credential.owner, model::to_json(credential), loaded_by}});
}

void retire_credential(const std::string &name)
{
    pg::execute_kept(
        {"retire_credential", "UPDATE datasurface.credential SET in_model = false WHERE name = $1", {name}});
}

void rename_credential(const std::string &from, const std::string &to)
{
    pg::execute_kept({"rename_credential", "UPDATE datasurface.credential SET name = $2 WHERE name = $1", {from, to}});
}

} // namespace datasurface::catalog
