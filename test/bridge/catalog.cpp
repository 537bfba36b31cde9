// What the catalog reads back of what a load has written.
#include "catalog/store.hpp"
#include "model/parse.hpp"
#include "pg/entry.hpp"

namespace catalog = datasurface::catalog;
namespace model = datasurface::model;

// The operators and consumers of a store, of the name or of no store at all.
DATASURFACE_FUNCTION(bridge_access)
{
    std::optional<catalog::Store> const store = catalog::find_store(call.text(0, "store"));
    return call.returns(model::access_json(catalog::access(store ? store->id : 0)));
}
