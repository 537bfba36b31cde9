// The tables of a dataset while changes are planned.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "change/actual.hpp"
#include "change/step.hpp"
#include "shape/tables.hpp"

namespace datasurface::change {

// The classes of steps that are taken; the others wait.
struct Allowed {
    bool rewrite = false;
    bool lossy = false;

    bool allows(Class cost) const
    {
        return cost == Class::safe || (cost == Class::rewrite && rewrite) || (cost == Class::lossy && lossy);
    }
};

inline constexpr Allowed everything{true, true};

// The steps of a plan.
struct Planned {
    Allowed allowed = {};
    std::vector<Step> steps = {};
    std::vector<Step> waiting = {};

    // Appends the steps of one change, which are taken together, to `steps`; to `waiting` when the class of one is not
    // allowed, and answers false.
    bool take(std::vector<Step> change);
    bool take(Step step) { return take(std::vector<Step>{std::move(step)}); }
};

// The functions of this room plan one kind of change each. They append steps, and bring `now` to what it is after these. A change
// that must wait is undone in `wanted`, so what is planned behind it fits tables without it.
struct Tables : Planned {
    shape::Shape wanted;
    Actual now;
    std::vector<std::string> kept_columns = {}; // that wait for being dropped
    bool asks_for_uses = false;                 // now.uses must be known
    bool asks_for_key_users = false;            // now.key_users must be known
    bool asks_for_code = false;                 // now.code must be known
    bool drops_key = false;                     // the steps do, with a column of it
    bool stays = false;                         // somebody must first put back what he has changed by hand
    std::vector<Conversion> conversions = {};   // now.not_converting must be known of them
    std::vector<int> becoming_not_null = {};    // now.nulls must be known of these columns
    bool asks_for_shared_keys = false;          // now.shared_keys must be known
};

// The kinds of the dataset's tables, in the order in which they are changed.
inline constexpr shape::RelationKind table_kinds[] = {shape::RelationKind::staging, shape::RelationKind::merge,
                                                      shape::RelationKind::history};

const sqltext::Qualified &wanted_name(const shape::Names &names, shape::RelationKind kind);

// The name that a wanted column has in the tables before its rename.
std::string name_in_tables(const shape::Shape &wanted, const Actual &actual, const std::string &column);

bool contains(const std::vector<std::string> &names, const std::string &name);

// nullptr: the table has no such column
ActualColumn *find_column(ActualRelation &table, const std::string &name);

// A step that reads all rows of the table, to build an index. Of a small table that is safe.
Step of_size(Step step, const Object &table);

// All steps of a change, which are taken together.
void refuse_change(std::vector<Step> &change, const std::string &reason);

// For loops over all columns of a table. Invalid when columns are added.
using ColumnsByName = std::unordered_map<std::string_view, ActualColumn *>;
ColumnsByName by_name(ActualRelation &table);
ActualColumn *find(const ColumnsByName &columns, const std::string &name);

// ALTER of an existing relation, which readers wait for. kind: TABLE or VIEW
Step alter_relation(const std::string &kind, const sqltext::Qualified &name, const std::string &change);
Step alter_table(const sqltext::Qualified &table, const std::string &change);

} // namespace datasurface::change
