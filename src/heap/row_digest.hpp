// Digests of rows that mean the same in any session, after a restart and after a restore. Equal values have equal digests,
// wherever they are stored. The digests of image.hpp are faster, but each merge has others.
#pragma once

#include "diff/digest.hpp"

extern "C" {
#include "postgres.h"

#include "access/tupdesc.h"
#include "fmgr.h"
}

namespace datasurface::heap {

// An old row and a new row with the same values have different digests.
enum class Side { old_row, new_row };

struct RowDigester; // PostgreSQL's regime, all of them

// columns: attribute numbers, in their order. seed: nobody must know it who can choose values. Lives in the current memory context.
RowDigester *make_row_digester(TupleDesc descriptor, const AttrNumber *columns, int count, uint64 seed);

// values, nulls: of all attributes of the descriptor.
diff::Digest digest_row(RowDigester &digester, Side side, const Datum *values, const bool *nulls);

} // namespace datasurface::heap
