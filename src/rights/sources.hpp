// Who may do what with a source.
#pragma once

#include <string>

#include "model/source.hpp"

namespace datasurface::rights {

// Throws 42501 unless the caller is a member of the owner of the source or of the extension, or a superuser.
void require_to_test(const std::string &caller, const model::Source &source);

// Must a source ask for the password of a store's owner? A superuser may be let in as the account of this server.
bool needs_password(const std::string &owner);

} // namespace datasurface::rights
