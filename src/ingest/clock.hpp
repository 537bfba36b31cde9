// The clock of this database, for windows of its own tables.
#pragma once

#include "remote/plan_clock.hpp"

namespace datasurface::ingest {

// As the owner of the extension, who sees all sessions if that is a superuser. Before the snapshot of the rows.
remote::SourceClock clock_here();

} // namespace datasurface::ingest
