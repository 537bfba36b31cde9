// C++ text is UTF-8 everywhere; the server's encoding begins here.
#include "pg/boundary.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace datasurface::pg {

char *to_server(std::string_view utf8)
{
    char *const copy = pnstrdup(utf8.data(), utf8.size());
    return pg_any_to_server(copy, static_cast<int>(utf8.size()), PG_UTF8);
}

const char *to_utf8(const char *text)
{
    return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
}

} // namespace datasurface::pg
