// shape: the names and columns of a dataset's staging, merge and history tables and views.
// System columns are named here and nowhere else.
#pragma once

#include <string>
#include <string_view>

#include "model/types.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::shape {

// The system columns take the first 8 bytes of every row, so that the payload of an unchanged row has the same bytes in
// the staging and the merge table.
inline constexpr std::string_view arrival = "ds_surf_arrival";
inline constexpr std::string_view deleted = "ds_surf_deleted"; // behind the payload, of staging tables with deletes
inline constexpr std::string_view deleted_type = "boolean";
inline constexpr std::string_view batch_in = "ds_surf_batch_in";
inline constexpr std::string_view batch_out = "ds_surf_batch_out";
inline constexpr int open_batch_number = 2147483647;
inline constexpr std::string_view open_batch = "2147483647"; // batch_out of a current row

// A name within PostgreSQL's 63 bytes: base and suffix, or, when that is too long, base cut at a character, its digest, and
// suffix. The same input must give the same name in all versions.
std::string physical_name(std::string_view base, std::string_view suffix);

struct Names {
    sqltext::Qualified staging;
    sqltext::Qualified staging_sequence;
    sqltext::Qualified merge;
    sqltext::Qualified merge_key; // constraint and index
    sqltext::Qualified history;
    sqltext::Qualified history_out_index;
    sqltext::Qualified history_key_index;
    sqltext::Qualified as_of;
};

Names names(const std::string &schema, const std::string &dataset);

struct ViewNames {
    sqltext::Qualified current;
    sqltext::Qualified full;
};

ViewNames view_names(const std::string &schema, const std::string &sink);

// The name of a stream: the store, or store#dataset.
std::string stream_name(const model::Store &store, const model::Dataset &dataset);

} // namespace datasurface::shape
