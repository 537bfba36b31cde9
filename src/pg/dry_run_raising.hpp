// Private to dry_run.cpp: reads and plans a query.
#pragma once

extern "C" {
#include "postgres.h"

#include "nodes/pg_list.h"
}

namespace datasurface::pg {

struct RawColumn {
    const char *name;
    const char *type;
    Oid type_oid;
};

// A query while it is parsed and planned. Errors have a position in its text, which is that of the model.
struct Reading {
    char *text;
    Node *statement; // as it is written
    List *queries;
    RawColumn *columns;
    int count;
    int position;      // of the last error or message, 0: none
    bool row_security; // a policy would hide rows
    bool has_subquery; // an expression with SELECT
    bool is_volatile;  // it calls a volatile function
    bool unqualified;  // the missing table or function is named without a schema
};

// Parses, analyses and rewrites the text, and finds its columns.
void read_query(Reading &reading);

// Plans what was read, and checks rights.
void plan_query(Reading &reading);

} // namespace datasurface::pg
