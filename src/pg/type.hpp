// What PostgreSQL knows about a type that a model names.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace datasurface::pg {

// How two keys of a type are compared: by the equality of its default btree operator class.
struct Equality {
    std::string schema; // of the operator
    std::string name;   // such as =
    std::string operand; // the operator's own input type; empty where it takes the key's type as it is
};

struct Type {
    std::string name;                 // as format_type spells it under the pinned search_path
    std::optional<Equality> equality; // none: the type cannot be part of a key
};

struct TypeLookup {
    std::optional<Type> type;
    std::string problem; // why there is none
};

// Looks a type up by its name, with modifiers, as a column would declare it.
TypeLookup find_type(const std::string &name);

// find_type that asks once per name.
class TypeCache {
public:
    const TypeLookup &find(const std::string &name);

private:
    std::map<std::string, TypeLookup> known_;
};

} // namespace datasurface::pg
