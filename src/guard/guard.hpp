// guard: one rule for the code of others.
//
// A batch runs in its caller's session, and the work on data as the store's owner. Functions that the owner brings along, in a
// query, a trigger, a constraint, would run there too: they may find the caller's cursors, locks and settings. So while a call
// of ours is under way, a function that is not harmless (harmless.hpp) runs as a role only if the user at the call, the
// session's user and the authenticated one each are that role, or have no right that it lacks; or the role is in
// datasurface.trusted_owners. Any other is refused, with 42501, at the moment when it is looked up to be called.
#pragma once

#include <string>

#include "sqltext/sqltext.hpp"

namespace datasurface::guard {

// Puts the hooks in place that hold this rule; once, when the library is loaded.
void install();

// What follows asks before something is done, so that the refusal comes before a batch is touched, and says where the code
// stands. All raise 42501.

// A statement that the current role is to execute: what it calls, views and rules expanded. Nothing of it is executed.
void check_statement(const sqltext::Statement &statement, const std::string &what);

// A table that its owner is to write to, and its partitions: triggers, constraints, generated columns, indexes, rules; and the
// tables that foreign keys cascade to, as their own owners. Says nothing of a table that belongs to another role than `owner`:
// that is refused where it is locked.
void check_table(const sqltext::Qualified &table, const std::string &owner);

} // namespace datasurface::guard
