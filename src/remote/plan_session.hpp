// What is sent to a source to begin a snapshot, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
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

// The settings alone, which a query may have changed.
std::string pin_statements(const Session &session, int version);

// What happened in the transaction so far, in one row:
// - the number of tables that it has locked and that somebody has emptied, loaded anew or rewritten since its snapshot was taken. The
//   snapshot sees such a table as empty. pg_class is read by the snapshot; the function knows the file of now.
// - whether it has a number, which it gets when it writes. Before PostgreSQL 16 a read-only transaction may write large objects.
inline constexpr int events_columns = 2;
inline constexpr char events[] =
    "SELECT pg_catalog.count(*), pg_catalog.txid_current_if_assigned() IS NOT NULL FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation"
    " WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.database = (SELECT d.oid FROM"
    " pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) AND c.relkind IN ('r', 'm')"
    " AND c.relfilenode <> 0 AND c.relfilenode IS DISTINCT FROM pg_catalog.pg_relation_filenode(c.oid)";

// Which snapshot it is. The SELECT returns these columns.
struct Identity {
    std::string system_identifier;
    std::int32_t timeline = 0;
    std::string lsn; // as PostgreSQL writes it: 16/B374D848
    bool in_recovery = false;
};
inline constexpr int identity_columns = 4;
bool is_sound(const Identity &identity); // has it the form that a server gives it?

std::uint64_t position_of(const std::string &lsn); // 0 for what is none

// How a snapshot is of another server than an earlier one, or older.
struct Backwards {
    std::string rule; // of the finding
    std::string than;
    std::string now;
    std::string before;
};
std::optional<Backwards> backwards(const Identity &before, const Identity &now);

// when: of the earlier one, such as batch 21. Gives: is another server than at batch 21 (system identifier 8, was 7)
std::string in_words(const Backwards &backwards, const std::string &when);

} // namespace datasurface::remote
