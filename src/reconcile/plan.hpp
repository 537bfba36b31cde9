// reconcile: compares what the model wants with what the database has: tables and consumer views; a plan, then its execution.
//
// This file: what the plans of tables and of views are made of.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shape/relation_kind.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::reconcile {

struct ActualColumn {
    std::string name;
    std::string type;
    bool not_null = false;
    std::string comment;
};

struct ActualRelation {
    char kind = 'r'; // as pg_class.relkind
    std::string options;
    std::string comment;
    std::vector<ActualColumn> columns;
    bool owned = true;                         // by who should own it
    bool has_key = true;                       // no two rows of a merge table can have the same key
    std::vector<std::string> primary_key = {}; // its columns, whatever they are; looked for only where has_key is false
};

// What ds_reconcile_schema made, as it recorded it.
struct Made {
    std::string definition;
    std::string changes; // how it differs from that by now; empty: not at all
    int dataset = 0;     // whose rows it holds or shows
};

// What exists under the names that a dataset or a sink wants, by name; functions under their own map.
struct Actual {
    std::map<std::string, ActualRelation> relations;
    std::set<std::string> functions;
    std::map<std::pair<shape::RelationKind, std::string>, Made> ours; // by kind and name

    bool is_ours(shape::RelationKind kind, const std::string &name) const { return ours.count({kind, name}) > 0; }
};

enum class Action {
    record, // nothing is done: the object came along with another
    create,
    alter,
    replace,
    comment,
    drop,
    grant,
    revoke,
    failed // no step: what a result says of a dataset or view that could not be done
};

std::string_view word(Action action);

// In whose name a step is done.
enum class Role { store_owner, workspace_owner };

struct Step {
    std::string object; // as SQL spells it
    Action action = Action::record;
    std::string statement;
    // What is to be recorded as ours, or with action drop no longer; no kind: nothing.
    std::optional<shape::RelationKind> kind;
    sqltext::Qualified name;
    bool exclusive = false; // takes ACCESS EXCLUSIVE on a table that exists
    bool lost = false;      // creates what was made before, and is gone with its rows
    Role role = Role::store_owner;
};

// nullptr: there is no such relation
const ActualRelation *find(const Actual &actual, const sqltext::Qualified &name);

// Throws SF004 where something that we made was changed or made anew by somebody else.
void require_as_made(const Made &made, const std::string &object);

// Throws SF004: a table differs from the model in a way that is left as it is.
[[noreturn]] void refuse_difference(const sqltext::Qualified &table, const std::string &what);

// Throws 42P07: somebody else has the name.
[[noreturn]] void refuse_taken(const sqltext::Qualified &name, const std::string &hint);

} // namespace datasurface::reconcile
