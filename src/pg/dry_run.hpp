// The columns of a query of the model, and whether it could be run. The query is parsed, rewritten and planned as the current role,
// and not executed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace datasurface::pg {

struct QueryColumn {
    std::string name;      // ?column? when the query gives it none
    std::string type;      // as format_type spells it
    unsigned int type_oid; // of the server
};

// query: one plain SELECT, as pg::check_select returns it. Raises PostgreSQL's error about the query, with the position in it.
std::vector<QueryColumn> columns_of(const std::string &query);

struct DryRun {
    std::optional<std::vector<QueryColumn>> columns; // nothing when the query cannot be read
    std::optional<Error> problem;                    // the first that PostgreSQL found
    bool row_security = false;                       // it is a policy, which would hide rows
    bool has_subquery = false;                       // an expression with SELECT
    bool is_volatile = false;                        // it calls a volatile function
    bool unqualified = false;                        // it is a name without a schema; the hint of the problem says so
    int position = 0; // of the problem: a character of the query, from 1; 0: PostgreSQL names no place
};

// Does what EXPLAIN does, including the check of rights. Keeps no lock. A busy lock is a problem like others.
DryRun dry_run(const std::string &query);

// May a column of the type take values of that other type, as in an INSERT?
bool can_be_stored(unsigned int from, const std::string &type);

} // namespace datasurface::pg
