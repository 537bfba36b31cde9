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

// SQL_ASCII holds bytes of any encoding, which nobody can tell: where they are no UTF-8 the text is read without them,
// because an error that cannot be written down must not take the place of the one that is to be told.
static const char *without_foreign_bytes(const char *text)
{
    if (pg_verify_mbstr(PG_UTF8, text, static_cast<int>(strlen(text)), true))
        return text;
    char *const copy = pstrdup(text);
    for (char *byte = copy; *byte != '\0'; ++byte)
        if (IS_HIGHBIT_SET(*byte))
            *byte = '?';
    return copy;
}

const char *to_utf8(const char *text)
{
    if (GetDatabaseEncoding() == PG_SQL_ASCII)
        return without_foreign_bytes(text);
    return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
}

} // namespace datasurface::pg
