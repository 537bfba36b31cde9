// The rows of a window, and its marks, in SQL.
#pragma once

#include <string>

#include "ingest/plan_window.hpp"
#include "model/source.hpp"

namespace datasurface::ingest {

inline constexpr char mark_column[] = "ds_surf_mark";

// The columns that a SELECT has beside those of the dataset, with a comma before each.
std::string extra_columns(const model::Watermark &watermark);

// Of a SELECT with these columns, the rows of the window, or of the whole pull.
std::string select_of(const model::Watermark &watermark, const Window &window, const std::string &select);

// Gives one row: the name of a part of the table whose transactions the server does not see, as another server has it; else NULL.
// Of a query nothing is known. Empty: such marks do not depend on transactions.
std::string foreign_part_statement(const model::Watermark &watermark, const model::TableName &table);

// Gives one row: the largest mark as a bigint, whether one is NULL.
std::string select_of_seen_marks(const model::Watermark &watermark, const Window &window, const std::string &select);

} // namespace datasurface::ingest
