// What PostgreSQL knows about a type that a model names.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "pg/type_changes.hpp"
#include "shape/type.hpp"

namespace datasurface::pg {

struct TypeLookup {
    std::optional<shape::Type> type; // its name as format_type spells it under the pinned search_path
    bool exists = true;              // else there is no type of that name
    std::string problem;             // why there is none, or why no column can have it
    // For changes_of_types: hash values of the type and of the types that its values consist of.
    std::vector<std::uint32_t> hashes;
    bool depends_on_tables =
        false; // equality of a composite type is that of its fields, and these change like a table's
};

// Looks a type up by its name, with modifiers, as a column would declare it.
TypeLookup find_type(const std::string &name);

// The error of the type's input function for a text, if it is no value of the type. type: with modifiers. The function runs as
// the current role.
std::optional<Error> problem_of_value(const std::string &type, const std::string &text);

// find_type that asks once per name.
class TypeCache {
public:
    const TypeLookup &find(const std::string &name);

    // False once any type has changed since the cache was made: what was found may be of before and after.
    bool is_consistent() const { return changes_ == changes_of_all_types(); }

private:
    std::uint64_t changes_ = changes_of_all_types();
    std::map<std::string, TypeLookup> known_;
};

} // namespace datasurface::pg
