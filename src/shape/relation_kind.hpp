// What a relation, or function, is to its dataset or to the sink that shows it.
#pragma once

#include <string_view>

namespace datasurface::shape {

enum class RelationKind { staging, sequence, merge, history, index, as_of, view, full_view };

std::string_view word(RelationKind kind);

// Throws Error (XX000) for another word.
RelationKind relation_kind(std::string_view word);

} // namespace datasurface::shape
