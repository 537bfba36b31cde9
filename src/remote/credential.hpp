// User and password of a source, from where its credential says.
#pragma once

#include <string>

#include "model/source.hpp"
#include "remote/login.hpp"

namespace datasurface::remote {

// owner: of the store. Throws F0000 for files, see secret.hpp; 42704 when there is no foreign server or user mapping; 28000 when the
// mapping has no user or password.
LoginPointer login_of(const model::Credential &credential, const std::string &owner);

} // namespace datasurface::remote
