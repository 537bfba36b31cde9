#include "definition/check_change.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "catalog/dataset.hpp"
#include "catalog/store.hpp"
#include "definition/datasets_before.hpp"
#include "model/parse.hpp"

namespace datasurface::definition {

namespace {

using MadeColumns = std::map<int, std::string>;

// Those that the tables have, by the names of the definition before. A column that it does not have may still be there.
std::set<std::string_view> columns_in_tables(const model::Dataset &before, const MadeColumns &made)
{
    std::set<std::string_view> known;
    std::set<int> named;
    for (const model::Column &column : before.columns) {
        named.insert(column.id);
        if (made.contains(column.id))
            known.insert(column.name);
    }
    for (const auto &[id, name] : made)
        if (!named.contains(id))
            known.insert(name);
    return known;
}

// Rows that are there need a value for a column that is new and not nullable.
void check_new_columns(model::Report &problems, const std::string &pointer, const model::Dataset &now,
                       const std::set<std::string_view> &known)
{
    for (std::size_t i = 0; i < now.columns.size(); ++i) {
        const model::Column &column = now.columns[i];
        bool const nullable = column.nullable && !model::is_key(now, column.name);
        if (nullable || column.default_text || known.contains(column.name))
            continue;
        problems.add(
            {model::Severity::error, pointer + "/columns/" + std::to_string(i), "default_missing",
             "column \"" + column.name + "\" is new and not nullable, and rows that are there have no value for it",
             "Give it a \"default\", which these rows get; or make it nullable. If it was renamed, say so by \"was\"."});
    }
}

// Gives the columns of the definition before the names that they have now, so that the two are compared column by column.
void rename_columns(model::Dataset &before, const model::Dataset &now, const FormerNames &were)
{
    for (const auto &[position, name] : were) {
        for (model::Column &column : before.columns)
            if (column.name == name)
                column.name = now.columns[position].name;
        std::replace(before.primary_key.begin(), before.primary_key.end(), name, now.columns[position].name);
    }
}

// The tables of a dataset that leaves stay, and nothing fails. So only this warning shows that it was left out by mistake.
void check_leaving(model::Report &problems, const Candidate &candidate, std::size_t index, const DatasetsBefore &before,
                   const std::string &pointer)
{
    const model::Store &store = candidate.document.stores[index];
    std::set<std::string_view> staying;
    for (std::size_t d = 0; d < store.datasets.size(); ++d)
        staying.insert(candidate.identity.dataset_before(candidate.document, index, d));
    for (const auto &[name, dataset] : before.in_model())
        if (!staying.contains(name))
            problems.add({model::Severity::warning, pointer, "leaves_the_model",
                          "dataset \"" + name + "\" of store \"" + store.name +
                              "\" leaves the model; its tables stay as they are and are not filled any more",
                          "If it was renamed, say so by \"was\"."});
}

} // namespace

void check_change(model::Report &problems, const Candidate &candidate, std::size_t index)
{
    const model::Store &store = candidate.document.stores[index];
    std::string const pointer = "/stores/" + std::to_string(index);
    std::optional<catalog::Store> const existing = candidate.existing_store(index);
    if (!existing)
        return;
    DatasetsBefore datasets(existing->id);
    for (std::size_t d = 0; d < store.datasets.size(); ++d) {
        const std::string &name = candidate.identity.dataset_before(candidate.document, index, d);
        const catalog::Dataset *const before = datasets.find(name);
        if (before == nullptr || before->made_columns.empty())
            continue;
        std::string const pointer_here = pointer + "/datasets/" + std::to_string(d);
        if (candidate.is_misread(pointer_here))
            continue;
        model::Dataset definition = model::dataset_from_json(before->definition);
        rename_columns(definition, store.datasets[d], candidate.identity.columns_before(index, d));
        check_new_columns(problems, pointer_here, store.datasets[d],
                          columns_in_tables(definition, before->made_columns));
    }
    if (!candidate.is_misread(pointer + "/datasets"))
        check_leaving(problems, candidate, index, datasets, pointer + "/datasets");
}

} // namespace datasurface::definition
