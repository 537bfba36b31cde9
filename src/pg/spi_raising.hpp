// Private to spi.cpp: what is done between SPI_connect and SPI_finish.
#pragma once

#include "sqltext/sqltext.hpp"

extern "C" {
#include "postgres.h"

#include "utils/snapshot.h"
}

namespace datasurface::pg {

enum class Keep { no, yes };
enum class See { own_changes, snapshot_only }; // of what this transaction has done since the snapshot was taken

// Executes a statement. snapshot: nullptr takes a new one. keep: its plan, for the session.
void run_statement(const sqltext::Statement &statement, SnapshotData *snapshot, Keep keep, See see);

// What a query left behind, in plain memory of the caller's context.
struct Fetched {
    std::size_t rows;
    std::size_t columns;
    const char **cells;
};

Fetched fetch_result(MemoryContext context);

} // namespace datasurface::pg
