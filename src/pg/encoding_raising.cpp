#include "pg/encoding_raising.hpp"

extern "C" {
#include "mb/pg_wchar.h"
}

namespace datasurface::pg {

char *to_server(std::string_view utf8)
{
    char *const copy = pnstrdup(utf8.data(), utf8.size());
    return pg_any_to_server(copy, static_cast<int>(utf8.size()), PG_UTF8);
}

// SQL_ASCII bytes have no known encoding. Text that is not UTF-8 gets a ? for each byte above 127: an error of the conversion would
// hide the error whose text is converted.
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
