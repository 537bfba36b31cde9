#include "remote/message_raising.hpp"

#include "pg/encoding_raising.hpp"

extern "C" {
#include "access/transam.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
}

namespace datasurface::remote {

const char *message_to_utf8(const char *text)
{
    if (pg_verify_mbstr(GetDatabaseEncoding(), text, static_cast<int>(strlen(text)), true))
        return pg::to_utf8(text);
    char *const copy = pstrdup(text);
    for (char *byte = copy; *byte != '\0'; ++byte)
        if (IS_HIGHBIT_SET(*byte))
            *byte = '?';
    return copy;
}

const char *built_in_type(unsigned int oid, int modifier)
{
    if (oid >= FirstGenbkiObjectId)
        return nullptr;
    const char *const name =
        format_type_extended(oid, modifier, FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_INVALID_AS_NULL);
    return name == nullptr ? nullptr : pg::to_utf8(name);
}

const char *database_encoding()
{
    return GetDatabaseEncodingName();
}

} // namespace datasurface::remote
