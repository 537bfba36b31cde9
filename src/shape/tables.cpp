#include "shape/tables.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::shape {

const Column &Shape::column(const std::string &name) const
{
    auto const found = std::find_if(columns.begin(), columns.end(), [&](const Column &c) { return c.name == name; });
    if (found == columns.end())
        throw Error(sqlstate::internal_error, "dataset \"" + dataset + "\" has no column \"" + name + "\"");
    return *found;
}

std::vector<std::string> Shape::column_names() const
{
    std::vector<std::string> all;
    for (const Column &column : columns)
        all.push_back(column.name);
    return all;
}

std::vector<std::string> staging_columns(const Shape &shape)
{
    std::vector<std::string> all = shape.column_names();
    all.insert(all.begin(), std::string(arrival));
    if (shape.staged_deletes)
        all.emplace_back(deleted);
    return all;
}

Shape with_deleted(Shape shape)
{
    if (shape.staged_deletes)
        shape.columns.push_back({std::string(deleted), {std::string(deleted_type), std::nullopt}, ""});
    shape.staged_deletes = false;
    return shape;
}

std::vector<std::string> merge_columns(const Shape &shape)
{
    std::vector<std::string> all = shape.column_names();
    all.insert(all.begin(), {std::string(batch_in), std::string(batch_out)});
    return all;
}

std::string title(const Shape &shape)
{
    return "dataset \"" + shape.dataset + "\" of store \"" + shape.store + "\"";
}

Shape make_shape(const model::Store &store, const model::Dataset &dataset, const std::vector<Type> &types)
{
    Shape shape;
    shape.store = store.name;
    shape.dataset = dataset.name;
    shape.owner = store.owner;
    shape.names = names(store.schema, dataset.name);
    shape.primary_key = dataset.primary_key;
    shape.milestoned = dataset.milestoning == model::Milestoning::milestoned;
    shape.duplicate_keys = dataset.duplicate_keys;
    shape.staging_logged = dataset.ingestion == model::Ingestion::push;
    shape.staged_deletes = model::stages_deletes(dataset);
    shape.fillfactor = dataset.fillfactor;
    shape.history_key_index = dataset.history_key_index;
    shape.description = dataset.description;
    for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
        const model::Column &column = dataset.columns[i];
        bool const key = model::is_key(dataset, column.name);
        shape.columns.push_back(
            {column.name, types.at(i), column.description, column.nullable && !key, key, column.id});
        if (column.default_text)
            shape.columns.back().default_value = *column.default_text;
    }
    return shape;
}

void order_columns(Shape &shape, const std::vector<std::string> &existing)
{
    std::unordered_map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < existing.size(); ++i)
        places.emplace(existing[i], i);
    auto const place = [&](const Column &column) {
        auto const found = places.find(column.name);
        return found == places.end() ? existing.size() : found->second;
    };
    std::stable_sort(shape.columns.begin(), shape.columns.end(),
                     [&](const Column &a, const Column &b) { return place(a) < place(b); });
}

} // namespace datasurface::shape
