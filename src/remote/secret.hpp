// The files of a credential: a directory below datasurface.secrets_directory with the files "username" and "password", as container
// secrets are mounted. They are read at each connection, so a rotated secret serves.
#pragma once

#include "remote/login.hpp"

namespace datasurface::remote {

// root: an absolute path. directory: below it. Throws F0000 when a file is missing, empty or too large, lies outside of root once symbolic
// links are followed, is no regular file, or could be read by others. No error tells a part of what is in a file.
LoginPointer read_login(const std::string &root, const std::string &directory);

} // namespace datasurface::remote
