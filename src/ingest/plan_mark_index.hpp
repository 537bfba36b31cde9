// What a window costs that no index serves.
#pragma once

#include <cstdint>
#include <string>

#include "model/types.hpp"

namespace datasurface::ingest {

inline constexpr std::int64_t few_pages = 1000; // a window may well read them all

// Gives one bigint: the pages of the table, with its partitions, that have no index for the marks. Of a view or a foreign table 0: nothing is
// known of its indexes.
std::string unindexed_pages_statement(const model::TableName &table, const std::string &column);

std::string unindexed_message(const model::TableName &table, const std::string &column, std::int64_t pages);
std::string unindexed_hint(const model::TableName &table, const std::string &column);

} // namespace datasurface::ingest
