// base: the words that every room shares. An Error is ours: it carries what PostgreSQL's error report carries,
// so that SQLSTATE, DETAIL and HINT survive from the place that knows them to the user who needs them.
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
    bool is_refusal =
        false; // PostgreSQL raised it for the guard: about the session, and not about what was tried in it
};

} // namespace datasurface
