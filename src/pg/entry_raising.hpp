// Private to entry.cpp: raises the error of a call; reads arguments and forms results.
#pragma once

#include <vector>

#include "sqltext/sqltext.hpp"

extern "C" {
#include "postgres.h"

#include "funcapi.h"
}

namespace datasurface::pg {

// Of an error, in the server's encoding.
struct Texts {
    const char *sqlstate;
    const char *message; // nullptr: there was no memory for it
    const char *detail;  // nullptr: none
    const char *hint;
};

// palloc'ed; nullptr for want of memory. Does not raise.
char *copy_if_possible(const char *text);

// Raises the error that waits on elog's stack when pending, else one of these texts.
[[noreturn]] void raise_texts(bool pending, const Texts &texts);

const char *utf8_of(Datum text);
const char *utf8_name_of(Oid function);

HeapTuple form_tuple(AttInMetadata *metadata, const std::vector<sqltext::Value> &row);

// Moves the rows to the result, each with `last` in its last column, a text.
void return_rows(ReturnSetInfo *result, Tuplestorestate *rows, const sqltext::Value &last);

} // namespace datasurface::pg
