#include "remote/credential.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"
#include "pg/settings.hpp"
#include "remote/mapping_raising.hpp"
#include "remote/secret.hpp"

namespace datasurface::remote {

namespace {

LoginPointer read_mapping(const std::string &server, const std::string &owner)
{
    Mapped const mapped = pg::call([&] { return mapped_login(server, owner); });
    auto login = std::make_unique<Login>();
    if (mapped.user != nullptr)
        login->user = mapped.user;
    if (mapped.password != nullptr)
        login->password = mapped.password;
    pg::call([&] { overwrite(mapped.password); });
    if (login->user.empty() || login->password.empty())
        throw Error(sqlstate::invalid_authorization,
                    "the user mapping for foreign server \"" + server + "\" has no " +
                        (login->user.empty() ? "user" : "password"),
                    "It is the mapping of role \"" + owner + "\", or that of PUBLIC.",
                    "ALTER USER MAPPING ... OPTIONS (ADD user '...', ADD password '...');");
    return login;
}

} // namespace

LoginPointer login_of(const model::Credential &credential, const std::string &owner)
{
    if (credential.kind == model::CredentialKind::user_mapping)
        return read_mapping(credential.server, owner);
    return read_login(pg::settings::secrets_directory(), credential.directory);
}

} // namespace datasurface::remote
