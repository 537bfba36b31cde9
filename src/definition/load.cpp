#include "definition/load.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/calls.hpp"
#include "catalog/credential.hpp"
#include "catalog/dataset.hpp"
#include "catalog/model_version.hpp"
#include "catalog/source.hpp"
#include "catalog/store.hpp"
#include "catalog/stream.hpp"
#include "catalog/watermark.hpp"
#include "catalog/workspace.hpp"
#include "definition/check.hpp"
#include "definition/datasets_before.hpp"
#include "definition/load_sources.hpp"
#include "definition/plan_streams.hpp"
#include "definition/streams.hpp"
#include "model/parse.hpp"
#include "model/write.hpp"
#include "pg/digest.hpp"
#include "pg/session.hpp"

namespace datasurface::definition {

namespace {

constexpr int most_listed = 100; // problems in the DETAIL of one error

// A problem without a pointer is about the whole document.
std::string line_of(const model::Problem &problem)
{
    return (problem.pointer.empty() ? "document" : problem.pointer) + ": " + problem.message;
}

[[noreturn]] void refuse(const model::Problems &problems)
{
    // A syntax error is the only problem, because the rest of the document was not read. Its own hint is the useful one.
    if (problems.size() == 1 && problems.front().code == "syntax")
        throw Error(sqlstate::model_invalid, "the model is not JSON", line_of(problems.front()),
                    (problems.front().hint.empty() ? "" : problems.front().hint + " ") + "The model was not changed.");
    std::string lines;
    int errors = 0;
    for (const model::Problem &problem : problems) {
        if (problem.severity != model::Severity::error)
            continue;
        if (++errors > most_listed)
            continue;
        lines += (lines.empty() ? "" : "\n") + line_of(problem) + " (" + problem.code + ")";
    }
    if (errors > most_listed)
        lines += "\n... and " + std::to_string(errors - most_listed) + " more";
    throw Error(
        sqlstate::model_invalid, "the model has " + counted(errors, "error", "errors"), lines,
        "SELECT * FROM datasurface.ds_validate_model(...) with the same arguments lists all problems with hints. The model was not changed.");
}

std::vector<PlannedStream> present(const std::vector<catalog::Stream> &streams)
{
    std::vector<PlannedStream> all;
    for (const catalog::Stream &stream : streams)
        all.push_back({stream.name, stream.dataset_id, stream.last_batch});
    return all;
}

void save_streams(int store_id, const std::vector<PlannedStream> &streams)
{
    std::vector<std::string> names;
    for (const PlannedStream &stream : streams) {
        catalog::save_stream(stream.name, store_id, stream.dataset_id, stream.last_batch);
        names.push_back(stream.name);
    }
    catalog::retire_other_streams(store_id, names);
}

ColumnsBefore columns_before(const catalog::Dataset &dataset)
{
    ColumnsBefore before;
    for (const model::Column &column : model::dataset_from_json(dataset.definition).columns)
        before.ids.emplace(column.name, column.id);
    before.made = dataset.made_columns;
    before.last_id = dataset.last_column_id;
    return before;
}

void keep_mark(int id, const model::Dataset &dataset, const std::string &owner, const model::Source *source,
               bool is_new)
{
    if (dataset.watermark)
        catalog::keep_mark(id, pg::sha256(model::rows_json(dataset, owner, source)));
    else if (!is_new)
        catalog::forget_mark(id);
}

// Returns its id.
int save_dataset(int store_id, model::Dataset dataset, const std::string &owner, const model::Source *source,
                 DatasetsBefore &before, const FormerNames &columns)
{
    const catalog::Dataset *const existing = before.find(dataset.name);
    ColumnIds const ids =
        plan_column_ids(dataset.columns, columns, existing != nullptr ? columns_before(*existing) : ColumnsBefore());
    for (std::size_t i = 0; i < dataset.columns.size(); ++i)
        dataset.columns[i].id = ids.ids[i];
    int const id = catalog::save_dataset(store_id, dataset, pg::sha256(model::behaviour_json(dataset, source)),
                                         pg::sha256(model::tables_json(dataset)),
                                         pg::sha256(model::rules_json(*dataset.rules)), ids.last_id);
    if (dataset.first_load)
        catalog::begin_unpublished(id);
    keep_mark(id, dataset, owner, source, existing == nullptr);
    return id;
}

// Gives an existing store, its datasets and its streams the names of the document. Their streams are locked. Returns the streams.
std::vector<catalog::Stream> rename(const Candidate &candidate, std::size_t index, const catalog::Store &existing)
{
    const model::Store &store = candidate.document.stores[index];
    if (existing.name != store.name)
        catalog::rename_store(existing.id, store.name);
    if (auto const within = candidate.identity.within.find(index); within != candidate.identity.within.end())
        for (const auto &[position, name] : within->second.datasets)
            catalog::rename_dataset(catalog::find_dataset(existing.id, name).value().id, store.datasets[position].name);
    catalog::rename_streams(existing.id);
    return catalog::streams_of_store(existing.id);
}

// The streams of an existing store, locked and under the names of the document.
std::vector<catalog::Stream> take_over(const Candidate &candidate, std::size_t index, const catalog::Store &existing)
{
    std::vector<catalog::Stream> locked = lock_streams(existing);
    catalog::number_columns(existing.id);
    bool const renames =
        existing.name != candidate.document.stores[index].name || candidate.identity.within.contains(index);
    return renames ? rename(candidate, index, existing) : locked;
}

void save_store(const Candidate &candidate, std::size_t index, const std::string &caller)
{
    const model::Store &store = candidate.document.stores[index];
    std::optional<catalog::Store> existing = candidate.existing_store(index);
    std::vector<catalog::Stream> const locked =
        existing ? take_over(candidate, index, *existing) : std::vector<catalog::Stream>();
    if (existing)
        existing = catalog::store(existing->id);
    std::vector<PlannedStream> const before = present(locked);
    for (std::size_t const leaving : leaving_streams(before, stream_names(store)))
        batch::leave_model(locked[leaving], *existing);
    int const store_id = catalog::save_store(store, caller);
    DatasetsBefore before_by_name(store_id);
    std::optional<catalog::Source> const source =
        store.source ? catalog::find_source(*store.source) : std::optional<catalog::Source>();
    std::vector<int> ids;
    std::vector<std::string> names;
    for (std::size_t d = 0; d < store.datasets.size(); ++d) {
        ids.push_back(save_dataset(store_id, store.datasets[d], store.owner, source ? &source->definition : nullptr,
                                   before_by_name, candidate.identity.columns_before(index, d)));
        names.push_back(store.datasets[d].name);
    }
    catalog::retire_other_datasets(store_id, names);
    save_streams(store_id, plan_streams(store, ids, before));
    if (existing)
        adapt_held_batches(store_id);
}

void save_workspace(const Candidate &candidate, std::size_t index, const std::string &caller)
{
    const model::Workspace &workspace = candidate.document.workspaces[index];
    const std::string &was = candidate.identity.workspace_before(candidate.document, index);
    if (was != workspace.name)
        catalog::rename_workspace(was, workspace.name);
    catalog::save_workspace(workspace, caller);
}

// The datasets and streams of a store leave the model with it.
void retire_store(const std::string &name)
{
    catalog::Store const store = catalog::find_store(name).value();
    for (const catalog::Stream &stream : lock_streams(store))
        batch::leave_model(stream, store);
    catalog::retire_store(store.id);
    catalog::retire_other_datasets(store.id, {});
    catalog::retire_other_streams(store.id, {});
}

void retire(const catalog::ModelPart &part)
{
    switch (part.kind) {
    case catalog::PartKind::store:
        return retire_store(part.name);
    case catalog::PartKind::workspace:
        return catalog::retire_workspace(part.name);
    case catalog::PartKind::source:
        return catalog::retire_source(part.name);
    case catalog::PartKind::credential:
        return catalog::retire_credential(part.name);
    }
}

bool changes_something(const Candidate &candidate)
{
    auto const changed = [](const std::vector<bool> &flags) {
        return std::find(flags.begin(), flags.end(), true) != flags.end();
    };
    return !candidate.leaving.empty() || changed(candidate.changed_stores) || changed(candidate.changed_workspaces) ||
           changed(candidate.changed_sources) || changed(candidate.changed_credentials);
}

} // namespace

Loaded load(const std::string &text, bool replace, const std::string &caller)
{
    pg::require_read_committed();
    pg::require_writable("load a model");
    catalog::lock_model();
    Candidate const candidate = check(text, replace, caller);
    if (model::has_errors(candidate.problems))
        refuse(candidate.problems);
    Loaded loaded;
    for (const model::Problem &problem : candidate.problems)
        loaded.warnings.push_back(line_of(problem));

    std::optional<int> const current = catalog::current_version();
    if (current && !changes_something(candidate)) {
        loaded.version = *current;
        return loaded;
    }
    for (const catalog::ModelPart &part : candidate.leaving)
        retire(part);
    save_sources(candidate, caller);
    for (std::size_t i = 0; i < candidate.document.stores.size(); ++i)
        if (candidate.changed_stores[i])
            save_store(candidate, i, caller);
    for (std::size_t i = 0; i < candidate.document.workspaces.size(); ++i)
        if (candidate.changed_workspaces[i])
            save_workspace(candidate, i, caller);
    loaded.version = catalog::save_version(candidate.parts, caller);
    return loaded;
}

} // namespace datasurface::definition
