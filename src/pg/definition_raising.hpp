// Private to definition.cpp: compares an object with the statement that made it, as this server would print both.
#pragma once

#include "sqltext/sqltext.hpp"

extern "C" {
#include "postgres.h"
}

namespace datasurface::pg {

inline constexpr char other_query[] = "its query was changed";

struct Shown { // plain, palloc'ed
    int count;
    const char **names;   // of the view's columns
    const char **columns; // of the table, which they show; empty: something else
    const char *condition;
};

// Of a view of columns of one table, or of several joined by UNION: then the first. Empty when it is no view.
Shown look_into(const sqltext::Qualified &name);

// What differs; nullptr when nothing does, or there is no such object. statement: in the server's encoding.
const char *look_at_view(const sqltext::Qualified &name, const char *statement, Oid owner);
// The same of its condition alone, whoever owns it.
const char *look_at_condition(const sqltext::Qualified &name, const char *statement, Oid owner);
const char *look_at_function(const sqltext::Qualified &name, const char *statement, Oid owner);

} // namespace datasurface::pg
