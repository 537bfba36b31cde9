// Within the room remote: the user mapping of a foreign server.
#pragma once

#include <string>

namespace datasurface::remote {

// Copies, in the server's encoding; nullptr: the mapping does not say it.
struct Mapped {
    char *user;
    char *password;
};

// The mapping of the role for the server, or that of PUBLIC. Raises 42704 when there is no such server, role or mapping.
Mapped mapped_login(const std::string &server, const std::string &role);

// A palloc'ed text is overwritten.
void overwrite(char *text);

} // namespace datasurface::remote
