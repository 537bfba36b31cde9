// Private to the rooms that include PostgreSQL's headers: executes a statement of ours. The statement's text is removed from CONTEXT
// and QUERY of an error, because the user cannot change it. Lines of functions and triggers of others stay.
#pragma once

#include <string>

#include "pg/boundary.hpp"

namespace datasurface::pg {

// Raises the pending error on, without the statement.
[[noreturn]] void raise_without(const std::string &statement);

// As call(); body executes the statement by SPI.
template <class Body>
auto call_statement(const std::string &statement, Body body) -> std::invoke_result_t<Body &>
{
    try {
        return call(body);
    } catch (const Pending &) {
        // below, where no handler is active
    }
    raise_without(statement);
}

} // namespace datasurface::pg
