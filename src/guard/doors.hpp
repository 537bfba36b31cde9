// The functions of this room for rooms that throw C++ exceptions. They check code of other roles before it runs. This header
// includes no header of PostgreSQL.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// Checks a statement that the current role is to execute: everything that it calls, with views and rules expanded. Executes
// nothing. Throws 42501 when a function must not run. Call it before the batch is changed; the error names the place of the
// function. what: that place, for example "the query of dataset d".
void check_statement(const sqltext::Statement &statement, const std::string &what);

// Checks the conditions (WHERE) of a statement and of the views that it reads: they run as whoever reads the view. Throws 42501 for a
// function that may not run as any role in any session, whoever calls us.
void check_conditions(const sqltext::Statement &statement, const std::string &what);

// Checks an expression that a catalog holds (pg_node_tree). Throws 42501 for a function that may not run as any role in any session.
void check_expression(const std::string &tree, const std::string &what);

// Checks a table that its owner is to write to, and its partitions: triggers, constraints, generated columns, indexes and rules.
// Checks tables that foreign keys cascade to as well, with their own owners. Ignores a table that does not belong to `owner`:
// the lock on the table refuses it. Throws 42501, as check_statement() does.
void check_table(const sqltext::Qualified &table, const std::string &owner);

} // namespace datasurface::guard
