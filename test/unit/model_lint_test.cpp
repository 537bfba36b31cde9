// The rules for names, and what must fit together.

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

std::string column(const std::string &name, const std::string &more = "")
{
    return R"({"name": ")" + name + R"(", "type": "text", "description": "d")" + more + "}";
}

Lines column_lines(const std::string &name)
{
    return all_lines(with_dataset(dataset_json("d", id_column + ", " + column(name))));
}

std::string workspace_json(const std::string &name, const std::string &sinks, const std::string &more = "")
{
    return R"({"name": ")" + name + R"(", "description": "d", )" + more +
           R"("groups": [{"name": "g", "description": "d", "sinks": [)" + sinks + "]}]}";
}

std::string sink_json(const std::string &store, const std::string &dataset, const std::string &more = "")
{
    return R"({"store": ")" + store + R"(", "dataset": ")" + dataset + "\"" + more + "}";
}

const std::string stores = store_json("sales", dataset_json("orders") + "," + dataset_json("items"));
const std::string column_at = "error /stores/0/datasets/0/columns/1";
const std::string dataset_at = "error /stores/0/datasets/0";

// n columns k0, k1, ... and the key of them all
std::string wide_key(std::size_t count, const std::string &more)
{
    std::string columns;
    std::string key;
    for (std::size_t i = 0; i < count; ++i) {
        std::string const comma = i > 0 ? "," : "";
        columns += comma + column("k" + std::to_string(i));
        key += comma + "\"k" + std::to_string(i) + "\"";
    }
    return with_dataset(dataset_json("d", columns, key, more));
}

} // namespace

TEST(ModelLint, NamesOfStoresAreDistinct)
{
    Problems const problems = all_problems(document_json(stores + "," + stores));
    ASSERT_EQ(lines(problems), Lines{"error /stores/1/name duplicate_name"});
    EXPECT_EQ(problems[0].message, "the name of a store is taken: \"sales\", first at /stores/0/name");
}

TEST(ModelLint, NamesThatDifferInCaseAreDistinct)
{
    EXPECT_EQ(all_lines(document_json(stores + "," + store_json("Sales", dataset_json("orders")))), Lines{});
}

TEST(ModelLint, NamesOfDatasetsAreDistinctInTheirStore)
{
    EXPECT_EQ(all_lines(document_json(store_json("s", dataset_json("d") + "," + dataset_json("d")))),
              Lines{"error /stores/0/datasets/1/name duplicate_name"});
    EXPECT_EQ(all_lines(document_json(store_json("s", dataset_json("d")) + "," + store_json("t", dataset_json("d")))),
              Lines{});
}

TEST(ModelLint, NamesOfColumnsAreDistinct)
{
    EXPECT_EQ(column_lines("id"), Lines{column_at + "/name duplicate_name"});
}

TEST(ModelLint, NamesOfWorkspacesAndGroupsAreDistinct)
{
    std::string const workspace = R"({"name": "w", "description": "d", "groups": [
        {"name": "g", "description": "d", "sinks": [{"store": "sales", "dataset": "orders"}]},
        {"name": "g", "description": "d", "sinks": [{"store": "sales", "dataset": "items"}]}]})";
    EXPECT_EQ(all_lines(document_json(stores, workspace + "," + workspace)),
              (Lines{"error /workspaces/0/groups/1/name duplicate_name", "error /workspaces/1/name duplicate_name",
                     "error /workspaces/1/groups/1/name duplicate_name"}));
}

TEST(ModelLint, ViewsOfAWorkspaceAreDistinctAcrossItsGroups)
{
    std::string const workspace = R"({"name": "w", "description": "d", "groups": [
        {"name": "g", "description": "d", "sinks": [{"store": "sales", "dataset": "orders"}]},
        {"name": "h", "description": "d", "sinks": [{"store": "sales", "dataset": "orders"},
            {"store": "sales", "dataset": "items", "name": "orders"}, {"store": "sales", "dataset": "orders", "name": "o"}]}]})";
    EXPECT_EQ(all_lines(document_json(stores, workspace)),
              (Lines{"error /workspaces/0/groups/1/sinks/0/dataset duplicate_name",
                     "error /workspaces/0/groups/1/sinks/1/name duplicate_name"}));
}

TEST(ModelLint, NamesOfTheLoadedModelAreTaken)
{
    Model kept;
    kept.stores.resize(1);
    kept.stores[0].name = "sales";
    kept.workspaces.resize(1);
    kept.workspaces[0].name = "w";
    Problems const problems =
        all_problems(document_json(stores, workspace_json("w", sink_json("sales", "orders"))), kept);
    EXPECT_EQ(lines(problems),
              (Lines{"error /stores/0/name duplicate_name", "error /workspaces/0/name duplicate_name"}));
    EXPECT_EQ(problems[0].message, "the name of a store is taken: \"sales\", first in the loaded model");
}

TEST(ModelLint, SinksReferToTheDocumentAndToTheLoadedModel)
{
    Model kept;
    kept.stores.resize(1);
    kept.stores[0].name = "old";
    kept.stores[0].datasets.resize(1);
    kept.stores[0].datasets[0].name = "d";
    std::string const document =
        document_json(stores, workspace_json("w", sink_json("sales", "items") + "," + sink_json("old", "d")));
    EXPECT_EQ(all_lines(document, kept), Lines{});
    EXPECT_EQ(all_lines(document), Lines{"error /workspaces/0/groups/0/sinks/1/store unknown_store"});
}

TEST(ModelLint, SinksThatReferToNothingAreToldTheNearest)
{
    Problems const problems = all_problems(
        document_json(stores, workspace_json("w", sink_json("sale", "orders") + "," + sink_json("sales", "item"))));
    ASSERT_EQ(lines(problems), (Lines{"error /workspaces/0/groups/0/sinks/0/store unknown_store",
                                      "error /workspaces/0/groups/0/sinks/1/dataset unknown_dataset"}));
    EXPECT_EQ(problems[0].hint, "Perhaps \"sales\" is meant.");
    EXPECT_EQ(problems[1].hint, "Perhaps \"items\" is meant.");
}

TEST(ModelLint, AnUnreadableNameMayBeTheOneReferredTo)
{
    EXPECT_EQ(all_lines(document_json(store_json("", ""), workspace_json("w", sink_json("a", "b")))),
              (Lines{"error /stores/0/name empty_name", "warning /stores/0/datasets no_datasets"}));
    EXPECT_EQ(all_lines(document_json(store_json("a", dataset_json("")), workspace_json("w", sink_json("a", "b")))),
              Lines{"error /stores/0/datasets/0/name empty_name"});
}

TEST(ModelLint, AnUnreadableColumnMayBeTheOneOfTheKey)
{
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", column(""), R"("id")"))),
              Lines{dataset_at + "/columns/0/name empty_name"});
}

TEST(ModelLint, AnUnreadableReferenceIsToldOnce)
{
    EXPECT_EQ(all_lines(document_json(stores, workspace_json("w", sink_json("", "orders")))),
              Lines{"error /workspaces/0/groups/0/sinks/0/store empty_name"});
    EXPECT_EQ(all_lines(document_json(stores, workspace_json("w", sink_json("sales", "")))),
              Lines{"error /workspaces/0/groups/0/sinks/0/dataset empty_name"});
}

TEST(ModelLint, ColumnNamesHaveSixtyThreeBytes)
{
    EXPECT_EQ(column_lines(std::string(63, 'c')), Lines{});
    EXPECT_EQ(column_lines(std::string(64, 'c')), Lines{column_at + "/name name_too_long"});
    EXPECT_EQ(column_lines(std::string(61, 'c') + "ü"), Lines{});
    EXPECT_EQ(column_lines(std::string(62, 'c') + "ü"), Lines{column_at + "/name name_too_long"});
}

TEST(ModelLint, DatasetGroupAndSinkNamesHaveTwoHundredBytes)
{
    std::string const fits(200, 'n');
    std::string const longer(201, 'n');
    auto const document = [](const std::string &name) {
        return document_json(store_json("s", dataset_json(name)),
                             R"({"name": "w", "description": "d", "groups": [{"name": ")" + name +
                                 R"(", "description": "d", "sinks": [{"store": "s", "dataset": ")" + name +
                                 R"("}, {"store": "s", "dataset": ")" + name + R"(", "name": "v)" + name.substr(1) +
                                 R"("}]}]})");
    };
    EXPECT_EQ(all_lines(document(fits)), Lines{});
    EXPECT_EQ(all_lines(document(longer)),
              (Lines{dataset_at + "/name name_too_long", "error /workspaces/0/groups/0/name name_too_long",
                     "error /workspaces/0/groups/0/sinks/1/name name_too_long"}));
}

TEST(ModelLint, ALongStoreNameNeedsASchemaOfItsOwn)
{
    std::string const name(64, 's');
    Problems const problems = all_problems(document_json(store_json(name, dataset_json("d"))));
    ASSERT_EQ(lines(problems), Lines{"error /stores/0/name name_too_long"});
    EXPECT_EQ(problems[0].hint, "Its schema gets the same name; give it a shorter \"schema\" of its own.");
    EXPECT_EQ(all_lines(document_json(store_json(name, dataset_json("d"), R"("schema": "s", )"))), Lines{});
    EXPECT_EQ(all_lines(document_json(store_json(std::string(201, 's'), dataset_json("d"), R"("schema": "s", )"))),
              Lines{"error /stores/0/name name_too_long"});
}

TEST(ModelLint, ASinkShowsColumnsThatTheDatasetHas)
{
    std::string const two = store_json("sales", dataset_json("orders", id_column + ", " + column("note")));
    auto const told = [&](const std::string &part) {
        return all_lines(document_json(two, workspace_json("w", sink_json("sales", "orders", ", " + part))));
    };
    std::string const at = "error /workspaces/0/groups/0/sinks/0/columns";
    EXPECT_EQ(told(R"("columns": ["note", {"column": "id", "as": "number"}], "where": "id > 0")"), Lines{});
    EXPECT_EQ(told(R"("columns": ["id", "nota"])"), Lines{at + "/1 unknown_column"});
    EXPECT_EQ(told(R"("columns": ["id", "id"])"), Lines{at + "/1 duplicate_column"});
    EXPECT_EQ(told(R"("columns": ["id", {"column": "note", "as": "id"}])"), Lines{at + "/1 duplicate_name"});
    EXPECT_EQ(told(R"("columns": [{"column": "id", "as": "ds_surf_id"}])"), Lines{at + "/0 reserved_column"});
    EXPECT_EQ(told(R"("columns": [{"column": "id", "as": ""}])"), Lines{at + "/0/as empty_name"});
    EXPECT_EQ(told(R"("columns": [5])"), Lines{at + "/0 wrong_type"});
    EXPECT_EQ(told(R"("columns": [])"), Lines{at + " no_columns"});
    EXPECT_EQ(told(R"("where": " ")"), Lines{"error /workspaces/0/groups/0/sinks/0/where empty_condition"});
}

TEST(ModelLint, ColumnsOfADatasetThatCouldNotBeReadAreNotMissed)
{
    std::string const sink = sink_json("sales", "orders", R"(, "columns": ["id", "other"])");
    EXPECT_EQ(all_lines(document_json(store_json("sales", dataset_json("orders", id_column + ", " + column(""))),
                                      workspace_json("w", sink))),
              Lines{"error /stores/0/datasets/0/columns/1/name empty_name"});
}

TEST(ModelLint, AWorkspaceNamesItsViews)
{
    auto const document = [](const std::string &names, const std::string &sinks) {
        return document_json(stores, workspace_json("w", sinks, R"("view_names": ")" + names + R"(", )"));
    };
    std::string const two = sink_json("sales", "orders") + "," + sink_json("sales", "items", R"(, "name": "mine")");
    Parsed const parsed = parse(document("{store}_{dataset}_of_{group}", two));
    const std::vector<Sink> &sinks = parsed.model.workspaces.at(0).groups.at(0).sinks;
    EXPECT_EQ(sinks.at(0).name, "sales_orders_of_g");
    EXPECT_EQ(sinks.at(1).name, "mine");

    std::string const at = "error /workspaces/0/";
    EXPECT_EQ(all_lines(document("{store}_{dataset}", two)), Lines{});
    EXPECT_EQ(all_lines(document("{store}", sink_json("sales", "orders") + "," + sink_json("sales", "items"))),
              Lines{at + "groups/0/sinks/1/dataset duplicate_name"});
    for (std::string const wrong : {"{sink}", "{store", "store}", "{{store}}", "{ store}"})
        EXPECT_EQ(all_lines(document(wrong + "{dataset}", two)), Lines{at + "view_names unknown_placeholder"}) << wrong;
    EXPECT_EQ(all_lines(document(" ", two)), Lines{at + "view_names empty_name"});
    EXPECT_EQ(all_lines(document(std::string(64, 'x'), two)), Lines{at + "view_names name_too_long"});
}

TEST(ModelLint, TheNameOfAViewThatGetsTooLongIsToldAtItsSink)
{
    std::string const store(150, 's'), dataset(100, 'd');
    std::string const document =
        document_json(store_json(store, dataset_json(dataset), R"("schema": "s", )"),
                      workspace_json("w", sink_json(store, dataset), R"("view_names": "{store}_{dataset}", )"));
    EXPECT_EQ(all_lines(document), Lines{"error /workspaces/0/groups/0/sinks/0/dataset name_too_long"});
}

TEST(ModelLint, ALongWorkspaceNameNeedsASchemaOfItsOwn)
{
    std::string const sink = sink_json("sales", "orders");
    std::string const name(64, 'w');
    EXPECT_EQ(all_lines(document_json(stores, workspace_json(name, sink))),
              Lines{"error /workspaces/0/name name_too_long"});
    EXPECT_EQ(all_lines(document_json(stores, workspace_json(name, sink, R"("schema": "w", )"))), Lines{});
}

TEST(ModelLint, SchemasAndOwnersHaveSixtyThreeBytes)
{
    std::string const fits(63, 'n');
    std::string const longer(64, 'n');
    auto const document = [](const std::string &name) {
        std::string const more = R"("schema": ")" + name + R"(", "owner": ")" + name + "\", ";
        return document_json(store_json("sales", dataset_json("orders"), more),
                             workspace_json("w", sink_json("sales", "orders"), more));
    };
    EXPECT_EQ(all_lines(document(fits)), Lines{});
    EXPECT_EQ(all_lines(document(longer)),
              (Lines{"error /stores/0/schema name_too_long", "error /stores/0/owner name_too_long",
                     "error /workspaces/0/schema name_too_long", "error /workspaces/0/owner name_too_long"}));
}

TEST(ModelLint, ControlCharactersInNames)
{
    for (std::string const hidden : {"\\n", "\\t", "\\u0001", "\x7f", "\\u0085", "\\u009f"})
        EXPECT_EQ(column_lines("a" + hidden + "b"), Lines{column_at + "/name control_character"}) << hidden;
    EXPECT_EQ(column_lines("\\u00a0 a\\u00ad\\u2028"), Lines{});
    std::string const bad = "a\\nb";
    EXPECT_EQ(all_lines(document_json(store_json(bad, dataset_json(bad, id_column, R"("id")"),
                                                 R"("owner": ")" + bad + "\", "),
                                      workspace_json("w", sink_json(bad, bad, R"(, "name": "v\n")"),
                                                     R"("schema": ")" + bad + "\", "))),
              (Lines{"error /stores/0/name control_character", "error /stores/0/owner control_character",
                     dataset_at + "/name control_character", "error /workspaces/0/schema control_character",
                     "error /workspaces/0/groups/0/sinks/0/name control_character"}));
}

TEST(ModelLint, ControlCharactersStayOutOfMessages)
{
    for (const Problem &problem : all_problems(with_dataset(dataset_json("a\\nb\\u001b[31m\\u0085"))))
        EXPECT_EQ(problem.message, "the name of a dataset has a control character: \"a?b?[31m?\"");
}

TEST(ModelLint, ControlCharactersInTypes)
{
    EXPECT_EQ(all_lines(with_dataset(
                  dataset_json("d", id_column + R"(, {"name": "a", "type": "te\nxt", "description": "d"})"))),
              Lines{column_at + "/type control_character"});
}

TEST(ModelLint, HashesSeparateStoreAndDataset)
{
    EXPECT_EQ(all_lines(document_json(store_json("a#b", dataset_json("c#")))),
              (Lines{"error /stores/0/name hash_in_name", dataset_at + "/name hash_in_name"}));
    EXPECT_EQ(column_lines("a#"), Lines{});
}

TEST(ModelLint, ReservedSchemas)
{
    for (std::string const schema : {"pg_catalog", "pg_", "pg_temp", "information_schema", "datasurface"}) {
        EXPECT_EQ(all_lines(
                      document_json(store_json("s", dataset_json("d"), R"("schema": ")" + schema + "\", "),
                                    workspace_json("w", sink_json("s", "d"), R"("schema": ")" + schema + "\", "))),
                  (Lines{"error /stores/0/schema reserved_schema", "error /workspaces/0/schema reserved_schema"}));
        EXPECT_EQ(all_lines(document_json(store_json(schema, dataset_json("d")))),
                  Lines{"error /stores/0/name reserved_schema"});
    }
    for (std::string const schema : {"public", "pg", "PG_catalog", "mydatasurface", "Datasurface"})
        EXPECT_EQ(all_lines(document_json(store_json(schema, dataset_json("d")))), Lines{}) << schema;
}

TEST(ModelLint, TwoStoresMayShareASchema)
{
    EXPECT_EQ(all_lines(document_json(store_json("s", dataset_json("d"), R"("schema": "x", )") + "," +
                                      store_json("t", dataset_json("e"), R"("schema": "x", )"))),
              Lines{});
}

TEST(ModelLint, ReservedColumns)
{
    for (std::string const name : {"tableoid", "ctid", "xmin", "cmin", "xmax", "cmax", "ds_surf_", "ds_surf_batch_in"})
        EXPECT_EQ(column_lines(name), Lines{column_at + "/name reserved_column"}) << name;
    for (std::string const name : {"oid", "CTID", "ds_surface", "select", "user", "a b", "\\\"", "'; --"})
        EXPECT_EQ(column_lines(name), Lines{}) << name;
}

TEST(ModelLint, FifteenHundredColumns)
{
    auto const document = [](int count) {
        std::string columns = id_column;
        for (int i = 1; i < count; ++i)
            columns += "," + column("c" + std::to_string(i));
        return with_dataset(dataset_json("d", columns));
    };
    EXPECT_EQ(all_lines(document(1500)), Lines{});
    EXPECT_EQ(all_lines(document(1501)), Lines{dataset_at + "/columns too_many_columns"});
}

TEST(ModelLint, KeyColumnsMustBeColumns)
{
    Problems const problems = all_problems(with_dataset(dataset_json("d", column("customer"), R"("costumer")")));
    ASSERT_EQ(lines(problems), Lines{dataset_at + "/primary_key/0 unknown_key_column"});
    EXPECT_EQ(problems[0].hint, "Perhaps \"customer\" is meant.");
}

TEST(ModelLint, KeyColumnsAreNamedOnce)
{
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", id_column, R"("id", "id")"))),
              Lines{dataset_at + "/primary_key/1 duplicate_key_column"});
}

TEST(ModelLint, KeyColumnsAreNotNullable)
{
    EXPECT_EQ(all_lines(with_dataset(
                  dataset_json("d", column("a") + "," + column("b", R"(, "nullable": true)"), R"("a", "b")"))),
              Lines{column_at + "/nullable nullable_key"});
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", column("a", R"(, "nullable": false)"), R"("a")"))), Lines{});
}

TEST(ModelLint, KeysHaveThirtyTwoColumnsAndOneLessBesideTheHistoryIndex)
{
    std::string const at = dataset_at + "/primary_key too_many_key_columns";
    EXPECT_EQ(all_lines(wide_key(32, "")), Lines{});
    EXPECT_EQ(all_lines(wide_key(33, "")), Lines{at});
    EXPECT_EQ(all_lines(wide_key(31, R"("milestoning": "milestoned",)")), Lines{});
    EXPECT_EQ(all_lines(wide_key(32, R"("milestoning": "milestoned",)")), Lines{at});
    EXPECT_EQ(all_lines(wide_key(32, R"("milestoning": "milestoned", "history_key_index": false,)")), Lines{});
}

TEST(ModelLint, AMultiStoreHasOneKindOfIngestion)
{
    std::string pull = dataset_json("p");
    pull.replace(pull.find(R"({"kind": "push"})"), 16, R"({"kind": "sql_snapshot", "query": "SELECT 1"})");
    std::string const datasets = dataset_json("d") + "," + pull;
    EXPECT_EQ(all_lines(document_json(store_json("s", datasets))),
              Lines{"error /stores/0/datasets/1/ingestion/kind mixed_ingestion"});
    EXPECT_EQ(all_lines(document_json(store_json("s", datasets, R"("consistency": "single", )"))), Lines{});
}

TEST(ModelLint, ManyWrongReferencesAreBounded)
{
    std::string sinks;
    for (int i = 0; i < 20'000; ++i)
        sinks +=
            (i > 0 ? "," : "") + sink_json("s" + std::to_string(i), "d", R"(, "name": "v)" + std::to_string(i) + "\"");
    Problems const problems = all_problems(document_json(stores, workspace_json("w", sinks)));
    EXPECT_LE(problems.size(), 10'001u);
}

} // namespace datasurface::model
