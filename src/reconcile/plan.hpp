// reconcile: compares the model with the tables and consumer views in the database, plans the changes, and executes them.
//
// This file: the types of the plans of tables and of views.
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
    bool owned = true;                         // it belongs to the role that should own it
    bool has_key = true;                       // a unique index keeps the keys of a merge table unique
    std::vector<std::string> primary_key = {}; // columns of its primary key; read only when has_key is false
};

// An object that ds_reconcile_schema made, as recorded.
struct Made {
    std::string definition;
    std::string changes; // how the object differs from the record now; empty: it does not
    int dataset = 0;     // the dataset whose rows it holds or shows
};

// Existing objects under the names that a dataset or a sink needs.
struct Actual {
    std::map<std::string, ActualRelation> relations;
    std::set<std::string> functions;
    std::map<std::pair<shape::RelationKind, std::string>, Made> ours; // by kind and name

    bool is_ours(shape::RelationKind kind, const std::string &name) const { return ours.count({kind, name}) > 0; }
};

enum class Action {
    record, // no statement: the object was created together with another
    create,
    alter,
    replace,
    comment,
    drop,
    grant,
    revoke,
    failed // not a step: the result for a dataset or view that failed
};

std::string_view word(Action action);

// The role that executes a step.
enum class Role { store_owner, workspace_owner };

struct Step {
    std::string object; // its name in SQL
    Action action = Action::record;
    std::string statement;
    // The object to record as ours; with action drop, the record to remove. none: neither.
    std::optional<shape::RelationKind> kind;
    sqltext::Qualified name;
    bool exclusive = false; // takes ACCESS EXCLUSIVE on an existing table
    bool lost = false;      // creates again an object that was dropped with its rows
    Role role = Role::store_owner;
};

// nullptr: the relation does not exist
const ActualRelation *find(const Actual &actual, const sqltext::Qualified &name);

// Throws SF004 when somebody else changed or recreated an object that we made.
void require_as_made(const Made &made, const std::string &object);

// Throws SF004: a table differs from the model in a way that reconcile does not change.
[[noreturn]] void refuse_difference(const sqltext::Qualified &table, const std::string &what);

// Throws 42P07 when the object of that name and kind is not ours.
void require_ours(const Actual &actual, const sqltext::Qualified &name, shape::RelationKind kind);

// Throws 42P07: an object of somebody else has the name.
[[noreturn]] void refuse_taken(const sqltext::Qualified &name, const std::string &hint);

} // namespace datasurface::reconcile
