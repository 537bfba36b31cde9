// What plans need of a type; pg/type reads it.
#pragma once

#include <optional>
#include <string>

namespace datasurface::shape {

// Keys are compared by the equality operator of the type's default btree operator class.
struct Equality {
    std::string schema;  // of the operator
    std::string name;    // such as =
    std::string operand; // both sides are cast to this type, so that no other operator is chosen; empty: no cast
};

struct Type {
    std::string name;                 // as format_type spells it
    std::optional<Equality> equality; // none: the type cannot be part of a key
    // PostgreSQL rewrites a table that gets a column of it: a domain with constraints, or with a default that is not one value for all rows.
    bool rewrites_table = false;
};

} // namespace datasurface::shape
