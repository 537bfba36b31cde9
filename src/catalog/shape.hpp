// From the catalog's rows to what plans work with.
#pragma once

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "pg/type.hpp"
#include "shape/tables.hpp"

namespace datasurface::catalog {

// Types are looked up in the name of the store's owner, because a type's own code reads its modifiers.
// Throws SF004 when a type is no longer there.
shape::Shape load_shape(const Store &store, const Dataset &dataset, pg::TypeCache &types);

} // namespace datasurface::catalog
