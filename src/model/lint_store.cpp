#include "model/lint_store.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "model/former_names.hpp"
#include "model/lint_access.hpp"
#include "model/lint_names.hpp"
#include "model/lint_rules.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t most_key_columns = 32; // INDEX_MAX_KEYS

// PostgreSQL's system columns, whose names a table's own columns cannot have.
bool is_system_column(std::string_view name)
{
    constexpr std::string_view names[] = {"tableoid", "ctid", "xmin", "cmin", "xmax", "cmax"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void lint_columns(const Dataset &dataset, const Pointer &at, Report &report)
{
    Distinct names("a column");
    for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
        const Column &column = dataset.columns[i];
        Pointer const name_at = at / i / "name";
        lint_name(column.name, name_at, "a column", longest_identifier, report);
        names.add(column.name, name_at, report);
        if (is_system_column(column.name))
            report.error(name_at, "reserved_column",
                         "every table of PostgreSQL has a system column " + shown(column.name), "Choose another name.");
        if (column.name.starts_with("ds_surf_"))
            report.error(name_at, "reserved_column",
                         "names that begin with \"ds_surf_\" are reserved: " + shown(column.name),
                         "Choose another name.");
        if (column.from)
            lint_name(*column.from, at / i / "from", "a column", longest_identifier, report);
        if (column.was)
            lint_name(*column.was, at / i / "was", "a column", longest_identifier, report);
        if (column.default_text && column.nullable)
            report.warning(
                at / i / "default", "unused_default",
                "column " + shown(column.name) + " is nullable, so its default is not used",
                "When it is added to a table with rows, they have NULL. For the default write \"nullable\": false.");
        if (has_control_character(column.type))
            report.error(at / i / "type", "control_character", "a type has a control character: " + shown(column.type));
    }
}

// Checks one column of the key against the columns of the dataset.
void lint_key_column(const Dataset &dataset, const std::string &name, const Pointer &dataset_at, const Pointer &at,
                     Report &report)
{
    auto const is_it = [&](const Column &column) { return column.name == name; };
    auto const found = std::find_if(dataset.columns.begin(), dataset.columns.end(), is_it);
    if (found != dataset.columns.end()) {
        if (found->nullable)
            report.error(dataset_at / "columns" / static_cast<std::size_t>(found - dataset.columns.begin()) /
                             "nullable",
                         "nullable_key", "column " + shown(name) + " is in the primary key and cannot be nullable",
                         "Leave \"nullable\" out.");
        return;
    }
    if (dataset.columns.size() > most_columns)
        return; // the column may be among those that were not read
    for (const Column &column : dataset.columns)
        if (column.name.empty())
            return; // the column may be this one, whose name could not be read
    if (!dataset.columns.empty())
        report.error(at, "unknown_key_column", "the dataset has no column " + shown(name),
                     hint_for_column(name, dataset, report));
}

void lint_key(const Dataset &dataset, const Pointer &dataset_at, Report &report)
{
    Pointer const at = dataset_at / "primary_key";
    // the index of the history table has ds_surf_batch_out after the key
    bool const indexed = dataset.milestoning == Milestoning::milestoned && dataset.history_key_index;
    std::size_t const most = indexed ? most_key_columns - 1 : most_key_columns;
    if (dataset.primary_key.size() > most) {
        bool const only_by_index = dataset.primary_key.size() == most_key_columns;
        report.error(at, "too_many_key_columns",
                     "the primary key may have " + std::to_string(most) + " columns; here are " +
                         std::to_string(dataset.primary_key.size()),
                     only_by_index ? "With \"history_key_index\": false it may have one more." : "");
        return;
    }
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < dataset.primary_key.size(); ++i) {
        const std::string &name = dataset.primary_key[i];
        if (name.empty())
            continue;
        if (seen.insert(name).second)
            lint_key_column(dataset, name, dataset_at, at / i, report);
        else
            report.error(at / i, "duplicate_key_column", "the primary key names column " + shown(name) + " twice");
    }
}

// A multi store commits all its datasets in one batch, so all must be pushed or all pulled.
void lint_same_ingestion(const Store &store, const Pointer &at, Report &report)
{
    if (store.consistency != Consistency::multi)
        return;
    for (std::size_t i = 1; i < store.datasets.size(); ++i) {
        if (is_pulled(store.datasets[i].ingestion) == is_pulled(store.datasets[0].ingestion))
            continue;
        report.error(at / i / "ingestion" / "kind", "mixed_ingestion",
                     "the datasets of a store with consistency \"multi\" are all pushed or all pulled; here are " +
                         shown(word(store.datasets[0].ingestion)) + " and " + shown(word(store.datasets[i].ingestion)),
                     "Use \"consistency\": \"single\", or a store for each kind.");
        return;
    }
}

} // namespace

void lint_dataset(const Dataset &dataset, const Pointer &at, Report &report)
{
    lint_stream_owner(dataset.name, at / "name", "a dataset", report);
    if (dataset.was)
        lint_stream_owner(*dataset.was, at / "was", "a dataset", report);
    lint_columns(dataset, at / "columns", report);
    lint_key(dataset, at, report);
}

void lint_store(const Store &store, const Known &known, const Pointer &at, Report &report,
                CheckInterrupts check_interrupts)
{
    lint_housing({store.name, store.schema, store.owner}, at, "a store", report);
    lint_stream_name(store.name, at / "name", "a store", report);
    lint_access(store, known, at, report);
    known.lint_reference(store, at, report);
    Pointer const datasets_at = at / "datasets";
    lint_same_ingestion(store, datasets_at, report);
    Distinct names("a dataset");
    RuleLint rules(store, report);
    for (std::size_t i = 0; i < store.datasets.size(); ++i) {
        check_interrupts();
        names.add(store.datasets[i].name, datasets_at / i / "name", report);
        lint_dataset(store.datasets[i], datasets_at / i, report);
        lint_braking(store.datasets[i], store.consistency, datasets_at / i, report);
        rules.lint(store.datasets[i], datasets_at / i);
    }
}

} // namespace datasurface::model
