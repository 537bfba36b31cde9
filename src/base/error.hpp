// base: what every room uses. An Error has the fields of a PostgreSQL error report, so that SQLSTATE, DETAIL and HINT
// reach the user.
#pragma once

#include <exception>
#include <string>
#include <utility>

namespace datasurface {

class Error : public std::exception {
public:
    // sqlstate: five characters, from base/sqlstate.hpp or PostgreSQL's own list.
    Error(std::string sqlstate, std::string message, std::string detail = {}, std::string hint = {})
        : sqlstate(std::move(sqlstate)), message(std::move(message)), detail(std::move(detail)), hint(std::move(hint))
    {
    }

    const char *what() const noexcept override { return message.c_str(); }

    std::string sqlstate;
    std::string message;
    std::string detail;
    std::string hint;
    bool is_refusal = false; // raised by the guard: the fault is in the session, not in the statement
    bool is_final = false; // of another server: a batch fails by it, though the SQLSTATE here would ask for another try
};

} // namespace datasurface
