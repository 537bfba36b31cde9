#include "shape/relation_kind.hpp"

#include <iterator>
#include <string>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::shape {

namespace {

// By kind.
constexpr std::string_view words[] = {"staging",           "sequence",          "merge", "merge_key", "history",
                                      "history_out_index", "history_key_index", "as_of", "view",      "full_view"};

} // namespace

std::string_view word(RelationKind kind)
{
    return words[static_cast<std::size_t>(kind)];
}

RelationKind relation_kind(std::string_view word)
{
    for (std::size_t i = 0; i < std::size(words); ++i)
        if (words[i] == word)
            return static_cast<RelationKind>(i);
    throw Error(sqlstate::internal_error, "no relation is of kind " + std::string(word));
}

} // namespace datasurface::shape
