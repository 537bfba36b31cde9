// Makes shapes, which plans work with, from catalog rows.
#pragma once

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "pg/type.hpp"
#include "shape/tables.hpp"

namespace datasurface::catalog {

// Types are looked up as the store's owner, because the type's own code reads its modifiers.
// Throws SF004 when a type no longer exists.
shape::Shape make_shape(const Store &store, const model::Dataset &definition, pg::TypeCache &types);

// The same for a catalog row. Reads its definition.
shape::Shape load_shape(const Store &store, const Dataset &dataset, pg::TypeCache &types);

} // namespace datasurface::catalog
