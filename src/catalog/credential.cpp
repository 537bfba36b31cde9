#include "catalog/credential.hpp"

#include "catalog/part.hpp"
#include "model/parse.hpp"
#include "model/write_source.hpp"

namespace datasurface::catalog {

namespace {

constexpr char table[] = "credential";

} // namespace

std::optional<Credential> find_credential(const std::string &name)
{
    std::optional<Part> const part = find_part(table, name);
    if (!part)
        return std::nullopt;
    Credential credential{part->id, model::credential_from_json(part->definition), part->in_model};
    credential.definition.owner = part->owner;
    return credential;
}

std::map<std::string, bool, std::less<>> credential_names()
{
    return part_names(table);
}

void save_credential(const model::Credential &credential, const std::string &loaded_by)
{
    (void)save_part(table, credential.name, {0, credential.owner, model::to_json(credential)}, loaded_by);
}

void retire_credential(const std::string &name)
{
    retire_part(table, name);
}

void rename_credential(const std::string &from, const std::string &to)
{
    rename_part(table, from, to);
}

} // namespace datasurface::catalog
