// Private to the model: the members of a store and where their values go. The tables in the .cpp file list every member.
#pragma once

#include "model/slot.hpp"
#include "model/types.hpp"

namespace datasurface::model {

// At most 10,000 names.
List names_into(Roles &names, const EmptyList &if_empty);

Slot slot(Store &store);
Slot slot(Access &access);
Slot slot(Dataset &dataset);
Slot slot_in_catalog(Dataset &dataset); // its columns may have ids

} // namespace datasurface::model
