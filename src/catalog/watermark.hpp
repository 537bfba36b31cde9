// Marks of datasets of ingestion sql_watermark.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ingest/plan_window.hpp"

namespace datasurface::catalog {

// By the dataset's id. Each dataset of that ingestion has one.
std::unordered_map<int, ingest::LastMark> last_marks(const std::vector<int> &dataset_ids);

// What a pull leaves. It is kept with the batch until that is committed.
struct NewMark {
    std::optional<std::int64_t> mark; // none: the next pull is whole
    std::string held_by;
    std::string why_whole; // empty: it was a window
};

// read_at: when the rows had been read, in SQL: what was asked for later is not done. unchanged: rows of a window that changed nothing.
void save_mark(int dataset_id, const NewMark &mark, const std::string &read_at, std::int64_t rows,
               std::int64_t unchanged);

// By a model that is loaded. A mark that was taken by another rows_digest is forgotten.
void keep_mark(int dataset_id, const std::string &rows_digest);
void forget_mark(int dataset_id);

// The next pull will be whole. Of a dataset without a watermark every one is.
void require_whole(int dataset_id, const std::string &why);

} // namespace datasurface::catalog
