#include "model/read_store.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "model/closing.hpp"
#include "model/read_first_load.hpp"
#include "model/read_ingestion.hpp"
#include "model/read_rules.hpp"

namespace datasurface::model {

namespace {

constexpr std::size_t longest_type = 500;      // characters
constexpr std::size_t longest_default = 1'000; // characters; PostgreSQL keeps it in a row of pg_attribute, of 8 kB

constexpr BlankText no_type{"empty_type", "the type"};
constexpr EmptyList no_columns{Severity::error, "no_columns", "a dataset needs at least one column"};
constexpr EmptyList no_key{Severity::error, "no_primary_key", "a dataset needs a primary key"};
constexpr EmptyList no_datasets{Severity::warning, "no_datasets", "the store has no datasets"};
constexpr LongList many_columns{most_columns, "too_many_columns", "a dataset may have 1500 columns; here are "};
constexpr LongList many_names{10'000, "too_many_names", "a list may have 10000 names; here are "};
constexpr LongList many_consumers{10'000, "too_many_consumers", "a store may have 10000 consumers; here are "};

Slot name_slot(std::string &name)
{
    return name_into(name);
}

} // namespace

List names_into(Roles &names, const EmptyList &if_empty)
{
    return list_into<name_slot>(names, if_empty, many_names);
}

namespace {

// ---- columns ----

Scalar default_into(Rare &into)
{
    auto const text = std::make_shared<std::string>();
    into = text;
    return {text.get(), longest_default};
}

constexpr Member column_members[] = {
    {"name", true, [](void *column) -> Slot { return name_into(as<Column>(column).name); }},
    {"type", true,
     [](void *column) -> Slot {
         return Text{&as<Column>(column).type, &no_type, longest_type};
     }},
    {"nullable", false, [](void *column) -> Slot { return Flag{&as<Column>(column).nullable}; }},
    {"description", false, [](void *column) -> Slot { return description_into(as<Column>(column).description); }},
    {"from", false, [](void *column) -> Slot { return rare_name_into(as<Column>(column).from); }},
    {"was", false, [](void *column) -> Slot { return rare_name_into(as<Column>(column).was); }},
    {"default", false, [](void *column) -> Slot { return default_into(as<Column>(column).default_text); }},
    {"id", false,
     [](void *column) -> Slot { return whole_into(as<Column>(column).id, 1, std::numeric_limits<int>::max()); }},
};
constexpr std::span<const Member> members_in_catalog(column_members);
constexpr std::span<const Member> members_in_document = members_in_catalog.first(members_in_catalog.size() - 1);

// A key column is always NOT NULL. The note lets a later check find a key column that the document makes nullable explicitly.
void finish_column(void *object, Closing &closing)
{
    if (closing.has("default") && !closing.could_read("default"))
        as<Column>(object).default_text = nullptr;
    std::vector<bool> &said = closing.notes.said_nullable;
    said.resize(closing.index() + 1);
    said.back() = closing.could_read("nullable") && as<Column>(object).nullable;
}

constexpr Shape column_shape{"a column", members_in_document, finish_column};
constexpr Shape column_in_catalog_shape{"a column", members_in_catalog, finish_column};

Slot column_slot(Column &column)
{
    return Object{&column, &column_shape};
}

Slot column_in_catalog_slot(Column &column)
{
    return Object{&column, &column_in_catalog_shape};
}

// ---- datasets ----

constexpr Member dataset_members[] = {
    {"name", true, [](void *dataset) -> Slot { return name_into(as<Dataset>(dataset).name); }},
    {"description", false, [](void *dataset) -> Slot { return description_into(as<Dataset>(dataset).description); }},
    {"columns", true,
     [](void *dataset) -> Slot {
         return list_into<column_slot>(as<Dataset>(dataset).columns, no_columns, many_columns);
     }},
    {"primary_key", true, [](void *dataset) -> Slot { return names_into(as<Dataset>(dataset).primary_key, no_key); }},
    {"ingestion", true, [](void *dataset) -> Slot { return ingestion_slot(as<Dataset>(dataset)); }},
    {"milestoning", false,
     [](void *dataset) -> Slot {
         return word_into<Milestoning::live, Milestoning::milestoned>(as<Dataset>(dataset).milestoning);
     }},
    {"duplicate_keys", false,
     [](void *dataset) -> Slot {
         return word_into<DuplicateKeys::error, DuplicateKeys::last>(as<Dataset>(dataset).duplicate_keys);
     }},
    {"fillfactor", false, [](void *dataset) -> Slot { return whole_into(as<Dataset>(dataset).fillfactor, 10, 100); }},
    {"history_key_index", false, [](void *dataset) -> Slot { return Flag{&as<Dataset>(dataset).history_key_index}; }},
    {"first_load", false, [](void *dataset) -> Slot { return first_load_slot(as<Dataset>(dataset).first_load); }},
    {"brakes", false, nullptr, [](Notes &notes) { return brakes_slot(notes.of_dataset); }},
    {"when_held", false, nullptr, [](Notes &notes) { return when_held_slot(notes.of_dataset); }},
    {"checks", false, nullptr, [](Notes &notes) { return checks_slot(notes.of_dataset); }},
    {"references", false, nullptr, [](Notes &notes) { return references_slot(notes.of_dataset); }},
    {"was", false, [](void *dataset) -> Slot { return rare_name_into(as<Dataset>(dataset).was); }},
};

// The same, but for the columns.
constexpr auto dataset_members_in_catalog = [] {
    auto members = std::to_array(dataset_members);
    for (Member &member : members)
        if (member.name == "columns")
            member.slot = [](void *dataset) -> Slot {
                return list_into<column_in_catalog_slot>(as<Dataset>(dataset).columns, no_columns, many_columns);
            };
    return members;
}();

// The ingestion may come after the columns, so the two are compared when the dataset is complete.
void refuse_columns_from(const Dataset &dataset, Closing &closing)
{
    if (std::exchange(closing.notes.has_from, false) || !closing.notes.knows_kind)
        return;
    for (std::size_t i = 0; i < dataset.columns.size() && !closing.report.full(); ++i)
        if (dataset.columns[i].from)
            closing.report.error(closing.at("columns") / i / "from", "unexpected_from",
                                 "a column has \"from\" only if the ingestion of its dataset has",
                                 "A query names its columns with AS. Leave \"from\" out.");
}

// Whoever pushes decides how the rows are cut into batches.
void close_first_load(Dataset &dataset, Closing &closing)
{
    std::vector<bool> &says = closing.notes.says_first_load;
    says.resize(closing.index() + 1);
    says.back() = closing.has("first_load");
    if (!says.back() || !closing.notes.knows_kind || is_pulled(dataset.ingestion))
        return;
    dataset.first_load.reset();
    closing.report.error(closing.at("first_load"), "unexpected_first_load",
                         "a dataset that is pushed has no \"first_load\": it is not loaded by us",
                         "Leave it out. With \"rows\": \"delta\" the rows can be pushed in several batches; "
                         "\"kind\": \"sql_snapshot\" lets us load them.");
}

void finish_dataset(void *object, Closing &closing)
{
    Dataset &dataset = as<Dataset>(object);
    Notes &notes = closing.notes;
    closing.want_description(dataset.description);
    std::set<std::string_view> const key(dataset.primary_key.begin(), dataset.primary_key.end());
    notes.said_nullable.resize(dataset.columns.size());
    for (std::size_t i = 0; i < dataset.columns.size(); ++i)
        if (!notes.said_nullable[i] && key.contains(dataset.columns[i].name))
            dataset.columns[i].nullable = false;
    notes.said_nullable.clear();
    if (notes.of_dataset && closing.has("duplicate_keys") && !closing.could_read("duplicate_keys"))
        notes.of_dataset->brakes.surplus.is_said = false; // it may fit
    if (notes.of_dataset && !notes.knows_kind)
        notes.of_dataset->brakes.empty.is_said = notes.of_dataset->says_when_held = false;
    dataset.rules = std::exchange(notes.of_dataset, nullptr);
    refuse_columns_from(dataset, closing);
    close_first_load(dataset, closing);
    notes.knows_ingestion.resize(closing.index() + 1);
    notes.knows_ingestion.back() = notes.knows_kind;
    notes.knows_kind = false;
}

constexpr Shape dataset_shape{"a dataset", dataset_members, finish_dataset};
constexpr Shape dataset_in_catalog_shape{"a dataset", dataset_members_in_catalog, finish_dataset};

// ---- who may do what ----

constexpr Member consumer_members[] = {
    {"workspace", true, [](void *consumer) -> Slot { return name_into(as<Consumer>(consumer).workspace); }},
    {"readers", false,
     [](void *consumer) -> Slot { return names_into(as<Consumer>(consumer).readers.emplace(), may_be_empty); }},
};
constexpr Shape consumer_shape{"a consumer", consumer_members, nullptr};

Slot consumer_slot(Consumer &consumer)
{
    return Object{&consumer, &consumer_shape};
}

List consumers_into(Access &access)
{
    auto const consumers = std::make_shared<std::vector<Consumer>>();
    access.consumers = consumers;
    return list_into<consumer_slot>(*consumers, may_be_empty, many_consumers);
}

List release_into(Access &access)
{
    auto const roles = std::make_shared<Roles>();
    access.release = roles;
    return names_into(*roles, may_be_empty);
}

constexpr Member access_members[] = {
    {"operators", false, [](void *access) -> Slot { return names_into(as<Access>(access).operators, may_be_empty); }},
    {"release", false, [](void *access) -> Slot { return release_into(as<Access>(access)); }},
    {"consumers", false, [](void *access) -> Slot { return consumers_into(as<Access>(access)); }},
};
constexpr Shape access_shape{"an access", access_members, nullptr};

// ---- stores ----

constexpr Member store_members[] = {
    {"name", true, [](void *store) -> Slot { return name_into(as<Store>(store).name); }},
    {"description", false, [](void *store) -> Slot { return rare_description_into(as<Store>(store).description); }},
    {"schema", false, [](void *store) -> Slot { return name_into(as<Store>(store).schema); }},
    {"owner", false, [](void *store) -> Slot { return name_into(as<Store>(store).owner); }},
    {"source", false, [](void *store) -> Slot { return rare_name_into(as<Store>(store).source); }},
    {"operators", false, [](void *store) -> Slot { return names_into(as<Store>(store).operators, may_be_empty); }},
    {"release", false, [](void *store) -> Slot { return release_into(as<Store>(store)); }},
    {"consumers", false, [](void *store) -> Slot { return consumers_into(as<Store>(store)); }},
    {"brakes", false, nullptr, [](Notes &notes) { return brakes_slot(notes.of_store); }},
    {"when_held", false, nullptr, [](Notes &notes) { return when_held_slot(notes.of_store); }},
    {"first_load", false, nullptr, [](Notes &notes) { return first_load_slot(notes.first_load); }},
    {"consistency", false,
     [](void *store) -> Slot {
         return word_into<Consistency::single, Consistency::multi>(as<Store>(store).consistency);
     }},
    {"datasets", true,
     [](void *store) -> Slot {
         return list_into<static_cast<Slot (*)(Dataset &)>(slot)>(as<Store>(store).datasets, no_datasets);
     }},
    {"was", false, nullptr, [](Notes &notes) -> Slot { return name_into(notes.was); }},
};

// A dataset whose ingestion cannot be read takes that of another one, so that lint reports no mix that is not in the document.
void fill_in_ingestion(std::vector<Dataset> &datasets, std::vector<bool> &known)
{
    known.resize(datasets.size());
    auto const first = std::find(known.begin(), known.end(), true);
    for (std::size_t i = 0; i < datasets.size(); ++i)
        if (!known[i])
            datasets[i].ingestion = first == known.end()
                                        ? Ingestion::push
                                        : datasets[static_cast<std::size_t>(first - known.begin())].ingestion;
    known.clear();
}

void close_rules(const Store &store, Closing &closing)
{
    std::shared_ptr<Rules> const rules = std::exchange(closing.notes.of_store, nullptr);
    if (!rules)
        return;
    closing.notes.of_stores.emplace(closing.index(), rules);
    const std::vector<bool> &known = closing.notes.knows_ingestion;
    auto const is_pushed = [](const Dataset &dataset) { return dataset.ingestion == Ingestion::push; };
    if (closing.could_read("when_held") && rules->when_held == WhenHeld::replace && !store.datasets.empty() &&
        std::all_of(known.begin(), known.end(), [](bool is_known) { return is_known; }) &&
        std::all_of(store.datasets.begin(), store.datasets.end(), is_pushed))
        report_replaced_push(closing.at("when_held"), closing.report);
}

// It is the default of those pulled datasets that say nothing themselves.
void hand_down_first_load(Store &store, Notes &notes)
{
    std::optional<FirstLoad> const first_load = std::exchange(notes.first_load, {});
    notes.says_first_load.resize(store.datasets.size());
    for (std::size_t i = 0; i < store.datasets.size(); ++i)
        if (!notes.says_first_load[i] && is_pulled(store.datasets[i].ingestion))
            store.datasets[i].first_load = first_load;
    notes.says_first_load.clear();
}

// Rows that are pushed come from no source.
void refuse_pushed_source(const Store &store, Closing &closing)
{
    if (!store.source)
        return;
    const std::vector<bool> &known = closing.notes.knows_ingestion;
    for (std::size_t i = 0; i < std::min(known.size(), store.datasets.size()); ++i)
        if (known[i] && store.datasets[i].ingestion == Ingestion::push)
            return closing.report.error(closing.at("source"), "pushed_from_source",
                                        "a store with a \"source\" has no ingestion \"push\", and dataset " +
                                            shown(store.datasets[i].name) + " is pushed",
                                        "Leave \"source\" out, or use \"kind\": \"sql_snapshot\".");
}

void finish_store(void *object, Closing &closing)
{
    Store &store = as<Store>(object);
    closing.want_description(store.description ? *store.description : "");
    closing.note_former_name(closing.notes.stores_were);
    if (!closing.has("schema"))
        store.schema = store.name;
    // with a word that cannot be read, lint must not require what "multi" requires
    if (closing.has("consistency") && !closing.could_read("consistency"))
        store.consistency = Consistency::single;
    close_rules(store, closing);
    refuse_pushed_source(store, closing);
    fill_in_ingestion(store.datasets, closing.notes.knows_ingestion);
    hand_down_first_load(store, closing.notes);
    if (!closing.could_read("datasets"))
        store.datasets.resize(1); // without a name: it matches any reference
}

constexpr Shape store_shape{"a store", store_members, finish_store};

} // namespace

Slot slot(Access &access)
{
    return Object{&access, &access_shape};
}

Slot slot(Dataset &dataset)
{
    return Object{&dataset, &dataset_shape};
}

Slot slot_in_catalog(Dataset &dataset)
{
    return Object{&dataset, &dataset_in_catalog_shape};
}

Slot slot(Store &store)
{
    return Object{&store, &store_shape};
}

} // namespace datasurface::model
