// The one idle connection that a backend keeps between calls.
#pragma once

#include <memory>
#include <string>

#include "remote/connection.hpp"

namespace datasurface::remote {

// Takes the idle connection out if it was kept under this key and is alive; any other is closed.
std::unique_ptr<Connection> take_kept(const std::string &key);

// The connection must be outside a transaction. Replaces what is kept.
void keep(const std::string &key, std::unique_ptr<Connection> connection);

// A key of what a connection was made with. It does not hold the login.
std::string key_of(const model::Source &source, const Login &login, const std::string &owner);

} // namespace datasurface::remote
