#include "catalog/shape.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "model/parse.hpp"
#include "pg/session.hpp"

namespace datasurface::catalog {

namespace {

shape::Type require_type(const model::Dataset &dataset, const model::Column &column, pg::TypeCache &types)
{
    const pg::TypeLookup &lookup = types.find(column.type);
    if (!lookup.type)
        throw Error(sqlstate::cannot_reconcile,
                    "type " + column.type + " of column \"" + column.name + "\" of dataset \"" + dataset.name +
                        "\" cannot be used",
                    lookup.problem, "Create the type again, or load a model that names another.");
    return *lookup.type;
}

} // namespace

shape::Shape make_shape(const Store &store, const model::Dataset &definition, pg::TypeCache &types)
{
    model::Store of_model;
    of_model.name = store.name;
    of_model.schema = store.schema;
    of_model.owner = store.owner;
    std::vector<shape::Type> resolved;
    pg::as_role(store.owner, [&] {
        for (const model::Column &column : definition.columns)
            resolved.push_back(require_type(definition, column, types));
    });
    return shape::make_shape(of_model, definition, resolved);
}

shape::Shape load_shape(const Store &store, const Dataset &dataset, pg::TypeCache &types)
{
    return make_shape(store, model::dataset_from_json(dataset.definition), types);
}

} // namespace datasurface::catalog
