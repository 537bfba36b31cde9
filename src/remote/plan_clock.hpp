// What has to be known of a source before the snapshot of a window is taken.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace datasurface::remote {

// Times are microseconds since 1970.
struct SourceClock {
    std::optional<std::int64_t> now;    // of a standby: of the last transaction that it has replayed, if any
    std::optional<std::int64_t> oldest; // begin of the oldest transaction that is open in the database
    bool has_prepared = false;          // a prepared transaction, whose begin nobody knows
    bool hides_sessions = false;        // the role cannot see when transactions of others began
    bool in_recovery = false;
    std::int64_t xmin = 0; // of the transactions that are not over, the first; 64 bits
    std::int64_t xmax = 0; // all transactions before it have begun
};

inline constexpr int clock_columns = 7;

// Gives these as one row. clock: an expression, of a time before the statement looks at the sessions.
std::string clock_statement(const std::string &clock);

} // namespace datasurface::remote
