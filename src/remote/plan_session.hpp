// What is sent to a source to begin a snapshot, and what it answers.
#pragma once

#include <cstdint>
#include <string>

namespace datasurface::remote {

// PostgreSQL 10: pg_current_wal_flush_lsn and COPY of what is needed.
inline constexpr int oldest_source = 100000;

struct Session {
    std::string store;             // for application_name
    std::string statement_timeout; // as PostgreSQL reads it; empty: none
};

// One text of several statements, so that it takes one round trip: settings of the session, the begin of a read-only transaction, and
// a SELECT that fixes its snapshot. version: as PQserverVersion returns it.
std::string begin_statements(const Session &session, int version);

// Which snapshot it is. The SELECT returns these columns.
struct Identity {
    std::string system_identifier;
    std::int32_t timeline = 0;
    std::string lsn; // as PostgreSQL writes it: 16/B374D848
    bool in_recovery = false;
};
inline constexpr int identity_columns = 4;

std::uint64_t position_of(const std::string &lsn); // 0 for what is none

// Is `now` of another server than `before`, or older? Returns why, or an empty text.
std::string why_backwards(const Identity &before, const Identity &now);

} // namespace datasurface::remote
