// reconcile: wanted against actual; a plan, then its execution. This file decides: what a dataset's tables lack.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "shape/tables.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

struct ActualColumn {
    std::string name;
    std::string type;
    bool not_null = false;
    std::string comment;
};

struct ActualRelation {
    char kind = 'r'; // as pg_class.relkind; 'F' for a function
    std::string options;
    std::string comment;
    std::vector<ActualColumn> columns;
    bool owned = true; // by the store's owner
};

// What ds_reconcile_schema made, as it recorded it.
struct Made {
    std::string definition;
    std::string changes; // how it differs from that by now; empty: not at all
    int dataset = 0;     // whose rows it holds or shows
};

// What exists under the names that a dataset wants, by name; functions under their own map.
struct Actual {
    std::map<std::string, ActualRelation> relations;
    std::set<std::string> functions;
    std::map<std::pair<std::string, std::string>, Made> ours; // by kind and name
};

struct Step {
    std::string object; // as SQL spells it
    std::string action; // create, alter, comment, replace, drop
    std::string statement;
    // What is to be recorded as ours, or with action drop no longer; no kind: nothing.
    std::string kind;
    sqltext::Qualified name;
    bool exclusive = false; // takes ACCESS EXCLUSIVE on a table that exists
    bool lost = false;      // creates what was made before, and is gone with its rows
};

// Throws Error where a table is not ours (42P07), or differs in a way that this cannot mend (SF004).
std::vector<Step> plan_tables(const shape::Shape &shape, const Actual &actual);

// Throws SF004 where something that we made was changed or made anew by somebody else.
void require_as_made(const Made &made, const std::string &object);

// The column order of tables that exist comes first: see shape::order_columns.
std::vector<std::string> payload_order(const shape::Shape &shape, const Actual &actual);

} // namespace datasurface::reconcile
