// Private to the rooms that speak to PostgreSQL: a statement of ours is executed. Its text is nothing that the receiver of an
// error could do anything about, so it is taken out of the error's CONTEXT and QUERY. What functions and triggers of others
// say there stays.
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
