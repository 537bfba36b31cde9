#include "reconcile/load.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "catalog/workspace.hpp"
#include "model/parse.hpp"
#include "pg/digest.hpp"
#include "pg/session.hpp"
#include "reconcile/check.hpp"
#include "shape/names.hpp"

namespace datasurface::reconcile {

namespace {

[[noreturn]] void refuse(const model::Problems &problems)
{
    std::string lines;
    int errors = 0;
    for (const model::Problem &problem : problems) {
        if (problem.severity != model::Severity::error)
            continue;
        ++errors;
        lines += (lines.empty() ? "" : "\n") + (problem.pointer.empty() ? "document" : problem.pointer) + ": " +
                 problem.message + " (" + problem.code + ")";
    }
    throw Error(
        sqlstate::model_invalid, "the model has " + std::to_string(errors) + (errors == 1 ? " error" : " errors"),
        lines,
        "SELECT * FROM datasurface.ds_validate_model(...) lists all problems with hints. The model was not changed.");
}

// A call that is at work on a store goes on by the old model to its end, or keeps this from changing it.
void lock_streams(const std::string &store)
{
    std::optional<catalog::Store> const existing = catalog::find_store(store);
    if (!existing)
        return;
    for (const catalog::Stream &stream : catalog::streams_of_store(existing->id))
        (void)catalog::lock_stream(stream);
}

void save_streams(const model::Store &store, int store_id, const std::vector<int> &dataset_ids)
{
    std::vector<std::string> names;
    if (store.consistency == model::Consistency::multi) {
        names.push_back(store.name);
        catalog::save_stream(store.name, store_id, std::nullopt);
    } else {
        for (std::size_t i = 0; i < dataset_ids.size(); ++i) {
            names.push_back(shape::stream_name(store, store.datasets[i]));
            catalog::save_stream(names.back(), store_id, dataset_ids[i]);
        }
    }
    catalog::retire_other_streams(store_id, names);
}

void save_store(const model::Store &store)
{
    lock_streams(store.name);
    int const store_id = catalog::save_store(store, store.owner);
    std::vector<int> ids;
    std::vector<std::string> names;
    for (const model::Dataset &dataset : store.datasets) {
        ids.push_back(catalog::save_dataset(store_id, dataset, pg::sha256(model::behaviour_json(dataset))));
        names.push_back(dataset.name);
    }
    catalog::retire_other_datasets(store_id, names);
    save_streams(store, store_id, ids);
}

void retire(const catalog::ModelPart &part)
{
    if (part.kind == "workspace") {
        catalog::retire_workspace(part.name);
        return;
    }
    lock_streams(part.name);
    catalog::retire_store(part.name);
}

bool changes_something(const Candidate &candidate)
{
    auto const changed = [](const std::vector<bool> &flags) {
        return std::find(flags.begin(), flags.end(), true) != flags.end();
    };
    return !candidate.leaving.empty() || changed(candidate.changed_stores) || changed(candidate.changed_workspaces);
}

} // namespace

Loaded load(const std::string &text, bool replace, const std::string &caller)
{
    pg::require_read_committed();
    catalog::lock_model();
    Candidate const candidate = check(text, replace, caller);
    if (model::has_errors(candidate.problems))
        refuse(candidate.problems);
    Loaded loaded;
    for (const model::Problem &problem : candidate.problems)
        loaded.warnings.push_back(problem.pointer + ": " + problem.message);

    std::optional<int> const current = catalog::current_version();
    if (current && !changes_something(candidate)) {
        loaded.version = *current;
        return loaded;
    }
    for (const catalog::ModelPart &part : candidate.leaving)
        retire(part);
    for (std::size_t i = 0; i < candidate.document.stores.size(); ++i)
        if (candidate.changed_stores[i])
            save_store(candidate.document.stores[i]);
    for (std::size_t i = 0; i < candidate.document.workspaces.size(); ++i)
        if (candidate.changed_workspaces[i])
            catalog::save_workspace(candidate.document.workspaces[i], candidate.document.workspaces[i].owner);
    loaded.version = catalog::save_version(candidate.parts, caller);
    return loaded;
}

} // namespace datasurface::reconcile
