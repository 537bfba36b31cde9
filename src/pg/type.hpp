// What PostgreSQL knows about a type that a model names.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "shape/type.hpp"

namespace datasurface::pg {

struct TypeLookup {
    std::optional<shape::Type> type; // its name as format_type spells it under the pinned search_path
    bool exists = true;              // else there is no type of that name
    std::string problem;             // why there is none, or why no column can have it
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
