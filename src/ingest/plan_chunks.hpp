// The chunks of a first load: ranges of the key, or of the places of rows, which are read one after the other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/plan_pull.hpp"

namespace datasurface::ingest {

enum class CutBy {
    key,
    place // ctid, of PostgreSQL 14 and later
};

constexpr std::string_view word(CutBy by)
{
    return by == CutBy::key ? "key" : "ctid";
}

// From the lower bound on, and below the upper one. A bound has one text for each of the first columns of the key, or a ctid; without any, the range is open there.
struct Range {
    std::vector<std::string> lower;
    std::vector<std::string> upper;
};

// What the server of a table knows of it.
struct TableFacts {
    bool has_places = false;   // a table, or a materialized view, of PostgreSQL 14 or later
    std::int64_t rows = -1;    // by the statistics; -1: unknown
    std::int64_t pages = 0;    // now
    bool key_serves = false;   // rows of a range of the key lie together, and an index finds them
    bool may_have_null = true; // in a column of the key
    std::string bounds; // of the first column of the key, with as many rows between each two, as JSON; empty: unknown
    std::int64_t bound_count = 0;
};

// key: the names of its columns in the table.
std::string table_facts_statement(const model::TableName &table, const std::vector<std::string> &key);
TableFacts table_facts(const std::vector<std::string> &row);

// How a load is cut. by: none: it cannot be, or is not worth it.
struct Cuts {
    std::optional<CutBy> by;
    bool counts = false;     // nothing is known of the rows: cuts_statement() counts them
    std::string bounds = {}; // JSON: a list of bounds
    std::int64_t step = 1;   // so many of these make a chunk
    std::int64_t rows = -1;  // of a chunk, about
    bool null_keys = false;  // the first chunk reads rows without a key too
};

// facts: of a query all is unknown. key_is_ordered: the order of its types is that of their operators in pg_catalog.
Cuts plan_cuts(const TableFacts &facts, bool key_is_ordered, std::int64_t chunk_rows);

// The rows of a SELECT that a range has, counted in the order of the key: their number, and the bounds between chunks as JSON.
std::string cuts_statement(const std::string &select, const std::vector<std::string> &key, const Range &range,
                           std::int64_t chunk_rows);

// A table grows at its end. Places to cut from there to where the table ends now, as JSON; empty: not worth it.
std::string places_between(const std::string &lower, const TableFacts &facts, std::int64_t chunk_rows);

// Of the SELECT of a pull, the rows of a range. By place it must be one of a table.
std::string in_places(const std::string &select, const Pull &pull, const Range &range);
std::string in_keys(const std::string &select, const std::vector<std::string> &key, const Range &range, bool null_keys);

} // namespace datasurface::ingest
