#include "pg/extension.hpp"

#include <cstring>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/version.hpp"
#include "pg/boundary.hpp"
#include "pg/extension_raising.hpp"

namespace datasurface::pg {

namespace {

// Up to and without the second dot.
std::size_t length_of_major_and_minor(const char *text)
{
    const char *const first = strchr(text, '.');
    const char *const second = first == nullptr ? nullptr : strchr(first + 1, '.');
    return second == nullptr ? strlen(text) : static_cast<std::size_t>(second - text);
}

bool fits(const char *installed)
{
    std::size_t const length = length_of_major_and_minor(version);
    return length_of_major_and_minor(installed) == length && strncmp(installed, version, length) == 0;
}

Installed installed_extension()
{
    Installed const installed = call(read_installed);
    if (!OidIsValid(installed.owner))
        throw Error(sqlstate::undefined_object, "extension \"datasurface\" does not exist in this database",
                    "Its function was called all the same.", "CREATE EXTENSION datasurface;");
    if (!fits(installed.version))
        throw Error(sqlstate::other_version,
                    "extension \"datasurface\" is of version " + std::string(installed.version) +
                        ", and the library that was called is of version " + version,
                    "The library serves only the functions and catalogs of its own version.",
                    "ALTER EXTENSION datasurface UPDATE; then call again.");
    return installed;
}

} // namespace

void require_own_version()
{
    (void)installed_extension();
}

unsigned int extension_owner()
{
    return installed_extension().owner;
}

std::string extension_owner_name()
{
    Oid const owner = extension_owner();
    return call([&] { return to_utf8(GetUserNameFromId(owner, false)); });
}

} // namespace datasurface::pg
