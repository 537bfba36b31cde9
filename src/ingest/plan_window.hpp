// Which rows of a dataset with a watermark the next batch reads, and which mark it leaves.
//
// A mark is a time in microseconds since 1970, a number, or a transaction of 64 bits: see model::MarkType. Every row that became
// visible at the source after the batch before has a larger mark than that batch left, less the overlap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/watermark.hpp"
#include "remote/plan_clock.hpp"

namespace datasurface::ingest {

// Why it is not known up to where all rows are visible, so that the mark stays; empty: it is known.
std::string why_held(const model::Watermark &watermark, const remote::SourceClock &clock);

// Of the last batch of the dataset.
struct LastMark {
    std::optional<std::int64_t> mark;
    std::string next_whole;                    // why the next pull has to be whole; empty: it need not
    std::optional<double> seconds_since_whole; // none: there was no whole pull
};

// Why the next pull is whole, as far as that is known without the source; or nothing.
std::string why_whole(const model::Watermark &watermark, const LastMark &last);

struct Window {
    std::string why_whole;            // empty: only rows beyond the mark are read
    std::optional<std::int64_t> from; // of a window; the overlap is taken off
    std::optional<std::int64_t> to;   // the mark after it; none: the next pull is whole
    std::string held_by;              // why the mark stays, or is less than the source's clock says; empty: it does not
    bool ends_below = false;          // rows with the mark `to` wait

    bool is_whole() const { return !why_whole.empty(); }
};

// is_backwards: the source is at an earlier state than it was, or another server.
Window plan_window(const model::Watermark &watermark, const LastMark &last, const remote::SourceClock &clock,
                   bool is_backwards);

// The marks of the rows that a window, or a whole pull, is about to read.
struct SeenMarks {
    std::optional<std::int64_t> largest; // of those that are not in the future
    bool has_null = false;
};

// Whether the largest of them, or whether there are NULLs, has to be asked.
bool needs_seen_marks(const model::Watermark &watermark);

// What is known once they are. is_first: nothing was loaded before.
Window settle(const model::Watermark &watermark, const LastMark &last, Window window, const SeenMarks &seen,
              bool is_first);

// Whether the column of the source has a type that serves, by its OID.
bool serves(model::MarkType type, unsigned int oid);

} // namespace datasurface::ingest
