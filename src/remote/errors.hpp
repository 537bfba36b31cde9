// Errors of a source, as errors of ours: recorded with the batch whatever their SQLSTATE, and without the password or the text of a
// connection.
#pragma once

#include <string>

#include "base/error.hpp"
#include "model/source.hpp"

struct pg_conn;
struct pg_result;

namespace datasurface::remote {

// What a server answered to a statement. when: what was being done.
Error statement_error(const model::Source &source, const pg_conn *connection, const pg_result *answer,
                      const std::string &when);

// What libpq says of a connection that did not come about (08001), or is lost (08006). password: struck out of the text.
Error connect_error(const model::Source &source, const pg_conn *connection, const std::string &password);
Error lost_error(const model::Source &source, const pg_conn *connection);

// 08001 in words of ours.
Error no_connection(const model::Source &source, const std::string &cause, const std::string &detail);

// An error of ours about a source.
Error source_error(const char *sqlstate, const std::string &source, const std::string &what,
                   const std::string &detail = {}, const std::string &hint = {});

} // namespace datasurface::remote
