// change: from the tables that are there to those that the model wants. Each kind of change has a file of its own, named after
// it; the unit tests, test/unit/change_*, are by subject. Pure: what is there comes as a value, and the steps are the answer.
//
// This file: a step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shape/relation_kind.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::change {

enum class Action {
    record, // no statement: the object was created together with another
    create,
    alter,
    replace,
    comment,
    drop,
    grant,
    revoke
};

// What a step costs others.
enum class Class {
    safe,    // a short lock; nothing is rewritten, nothing lost
    rewrite, // its time grows with the table: it is rewritten or read
    lossy,   // values, history, or something that a consumer reads goes away
    refused  // impossible as things are; the reason says why
};

// The strongest lock on an existing relation, by PostgreSQL's names. In order of strength.
enum class Lock { none, share_update_exclusive, share, access_exclusive };

std::string_view word(Action action);
std::string_view word(Class of_step);
std::string_view word(Lock lock); // as LOCK TABLE spells it; empty for none

// The role that executes a step.
enum class Role { store_owner, workspace_owner, loader };

struct Step {
    std::string object; // its name in SQL
    Action action = Action::record;
    std::string statement;
    // The object to record as ours; with action drop, the record to remove. none: neither.
    std::optional<shape::RelationKind> kind = std::nullopt;
    sqltext::Qualified name = {};
    Lock lock = Lock::none;
    Class cost = Class::safe;
    std::string reason = {};                    // of a class that is not safe
    std::optional<sqltext::Qualified> on = {};  // the relation that is locked, where it is not `name`
    std::optional<sqltext::Qualified> was = {}; // recorded until now under this name
    std::int64_t bytes = 0;                     // of the tables that are rewritten or read
    bool needs_no_rows = false;                 // of the table that it alters
    bool lost = false;                          // creates again an object that was dropped with its rows
    Role role = Role::store_owner;
    std::vector<std::string> dependents = {}; // of others, which must go before
    bool next_transaction = false;            // the step needs what the steps before it have committed
    bool with_condition = false;              // creates or replaces a view that has one
    bool lent = false;                        // a privilege for the time of the steps; not reported
    std::string reader = {};                  // of grant and revoke: the role, which is recorded or forgotten
    std::string instead = {};                 // a sentence: what people can do by hand instead of the step
};

} // namespace datasurface::change
