#include "remote/mapping_raising.hpp"

#include <cstring>

#include "pg/encoding_raising.hpp"

extern "C" {
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "utils/acl.h"
}

namespace datasurface::remote {

Mapped mapped_login(const std::string &server, const std::string &role)
{
    const ForeignServer &found = *GetForeignServerByName(pg::to_server(server), false);
    const UserMapping &mapping = *GetUserMapping(get_role_oid(pg::to_server(role), false), found.serverid);
    Mapped login{nullptr, nullptr};
    ListCell *cell;
    foreach (cell, mapping.options) {
        auto *const option = static_cast<DefElem *>(lfirst(cell));
        if (strcmp(option->defname, "user") == 0)
            login.user = defGetString(option);
        else if (strcmp(option->defname, "password") == 0)
            login.password = defGetString(option);
    }
    return login;
}

void overwrite(char *text)
{
    if (text != nullptr)
        explicit_bzero(text, strlen(text));
}

} // namespace datasurface::remote
