// The kind of a relation or function that belongs to a dataset or a sink.
#pragma once

#include <string_view>

namespace datasurface::shape {

enum class RelationKind {
    staging,
    sequence,
    merge,
    merge_key, // the constraint and its index
    history,
    history_out_index,
    history_key_index,
    as_of,
    view,
    full_view
};

constexpr bool is_table(RelationKind kind)
{
    return kind == RelationKind::staging || kind == RelationKind::merge || kind == RelationKind::history;
}

constexpr bool is_view(RelationKind kind)
{
    return kind == RelationKind::view || kind == RelationKind::full_view;
}

std::string_view word(RelationKind kind);

// Throws XX000 for an unknown word.
RelationKind relation_kind(std::string_view word);

} // namespace datasurface::shape
