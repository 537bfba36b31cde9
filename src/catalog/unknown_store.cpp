#include "catalog/unknown_store.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "catalog/store.hpp"

namespace datasurface::catalog {

namespace {

std::string hint(const std::string &name, const std::string &list)
{
    std::vector<Store> const stores = stores_in_model();
    if (stores.empty())
        return "The model has no stores. Load one that has, with ds_load_model, and call ds_reconcile_schema.";
    std::string const small = in_small_letters(name);
    auto const alike = std::find_if(stores.begin(), stores.end(),
                                    [&](const Store &store) { return in_small_letters(store.name) == small; });
    if (alike != stores.end())
        return "Names are case-sensitive: store \"" + alike->name + "\" is in the model.";
    return list;
}

} // namespace

UnknownStore unknown_store(const std::string &name, const std::string &list)
{
    return {find_store(name) ? "Store \"" + name + "\" has left the model."
                             : "The model names no store \"" + name + "\".",
            hint(name, list)};
}

} // namespace datasurface::catalog
