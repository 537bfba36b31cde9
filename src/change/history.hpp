// Milestoning: the history table with its indexes and the as-of function.
#pragma once

#include "change/tables.hpp"

namespace datasurface::change {

void make_history_indexes(Tables &tables);

// A dataset that had rows before it had a history: as-of can answer from its newest batch on.
void begin_history(Tables &tables);

// A dataset that is not milestoned any more loses its as-of function. Its history table stays.
void end_history(Tables &tables);

} // namespace datasurface::change
