// merge: brings the staged rows of a dataset into its merge and history table, by one of two engines.
//
// This file: what a merge is, for any engine, and what it did. Batches, ingestion, the catalog and both engines use these values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shape/tables.hpp"

namespace datasurface::merge {

// The rows of a staging table that belong to a batch: those that arrived up to `last_arrival`.
struct Staged {
    std::int64_t rows = 0;         // as the ingest counted them
    std::int64_t last_arrival = 0; // rows that arrived later belong to the next batch; 0 without rows
};

// What the staged rows are.
enum class Mode {
    whole_snapshot, // all rows of the source: a row of the merge table whose key is not staged has vanished
    window          // rows that have changed: one of the merge table whose key is not staged stays
};

constexpr std::string_view word(Mode mode)
{
    return mode == Mode::window ? "window" : "snapshot";
}

// One dataset's part of a batch. Its tables, key, payload and milestoning are those of the shape, which must outlive the plan.
struct Plan {
    const shape::Shape &shape;
    Mode mode;
    model::DuplicateKeys duplicate_keys;
    int batch; // its number: versions that begin get it, those that end get the number before it
    Staged staged;

    bool keeps_last() const { return duplicate_keys == model::DuplicateKeys::last; }

    // Staged rows may say that the row of their key is deleted. A whole snapshot has none of these: what is deleted is not in it.
    bool has_deletes() const { return mode == Mode::window && shape.staged_deletes; }
};

// The duplicate policy is the dataset's.
Plan plan_merge(Mode mode, const shape::Shape &shape, int batch, const Staged &staged);
Plan plan_merge(Mode, shape::Shape &&, int, const Staged &) = delete; // the plan would outlive it

enum class Engine { native, sql };

constexpr std::string_view word(Engine engine)
{
    return engine == Engine::native ? "native" : "sql";
}

// What a merge did. All counts are exact.
struct Result {
    std::int64_t staged = 0; // rows; each was inserted, updated, unchanged or surplus, and of a window maybe deleted
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t deleted = 0;
    std::int64_t unchanged = 0;
    std::int64_t surplus = 0; // staged rows that a later row of the same key replaced
    Engine engine = Engine::sql;
    std::string reason; // of sql: why not native; of native: why fewer workers than asked for. May be empty
    int workers = 0;    // parallel workers that took part
    std::optional<bool>
        looked_up; // of native, of a window: its keys were looked up by index; else the merge table was scanned

    bool changed() const { return inserted > 0 || updated > 0 || deleted > 0; }
};

} // namespace datasurface::merge
