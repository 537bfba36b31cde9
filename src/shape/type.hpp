// What the plans need to know of a type; the pg room finds it out.
#pragma once

#include <optional>
#include <string>

namespace datasurface::shape {

// How two keys of a type are compared: by the equality operator of its default btree operator class.
struct Equality {
    std::string schema;  // of the operator
    std::string name;    // such as =
    std::string operand; // what both sides are cast to, so that no other operator is chosen; empty: nothing
};

struct Type {
    std::string name;                 // as format_type spells it
    std::optional<Equality> equality; // none: the type cannot be part of a key
};

} // namespace datasurface::shape
