// From the catalog's rows to what plans work with.
#pragma once

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "pg/type.hpp"
#include "shape/tables.hpp"

namespace datasurface::catalog {

// Types are looked up in the name of the store's owner, because a type's own code reads its modifiers.
// Throws SF004 when a type is no longer there.
shape::Shape make_shape(const Store &store, const model::Dataset &definition, pg::TypeCache &types);

// The same of a row, whose definition is read for it.
shape::Shape load_shape(const Store &store, const Dataset &dataset, pg::TypeCache &types);

} // namespace datasurface::catalog
