// Within the rooms heap and remote: forms rows of a staging table.
#pragma once

#include "heap/tables.hpp"

extern "C" {
#include "access/htup_details.h"
#include "executor/tuptable.h"
}

namespace datasurface::heap {

// PostgreSQL's regime.
struct Former {
    Table staging;
    int columns;
    TupleDesc looked_at; // of the rows given: each branch of a UNION ALL may have its own
    bool lie_alike;      // the payload of these as that of the staging table
    Datum *values;       // a row of the staging table, in which dropped columns stay NULL
    bool *nulls;
};

// Opens the staging table of the shape, and returns nothing when its columns are not those of the shape. Allocates in the current
// memory context.
Former *make_former(const shape::Shape &shape);
void end_former(Former &former);

// Form a row with the arrival 0 in the current memory context, of values in the order of the shape.
HeapTuple form_of_slot(Former &former, TupleTableSlot *row);
HeapTuple form_of_values(Former &former, const Datum *values, const bool *nulls);

// Sets the arrival of a row that was formed here.
inline void set_arrival(HeapTuple row, std::int64_t arrival)
{
    memcpy(reinterpret_cast<char *>(row->t_data) + row->t_data->t_hoff, &arrival, sizeof arrival);
}

} // namespace datasurface::heap
