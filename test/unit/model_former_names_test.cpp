// A reference by a name that the document itself calls a former one is told the name of now.

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

// "/stores/0/name unknown_thing: By "was" it is "x" now."
Lines hints(const std::string &document)
{
    Lines result;
    for (const Problem &problem : all_problems(document))
        result.push_back(problem.pointer + " " + problem.code + ": " + problem.hint);
    return result;
}

std::string workspace_json(const std::string &sink)
{
    return R"({"name": "w", "description": "d", "groups": [{"name": "g", "description": "d", "sinks": [{)" + sink +
           "}]}]}";
}

const std::string renamed_column = R"({"name": "gross", "was": "total", "type": "text", "description": "d"})";

} // namespace

TEST(ModelFormerNames, OfAColumn)
{
    std::string const dataset =
        dataset_json("orders", id_column + ", " + renamed_column, R"("id", "total")",
                     R"("references": [{"name": "r", "columns": ["total"], "dataset": "orders", "to": ["id"]}],)");
    EXPECT_EQ(hints(
                  document_json(store_json("shop", dataset),
                                workspace_json(R"("store": "shop", "dataset": "orders", "columns": ["id", "total"])"))),
              (Lines{R"(/stores/0/datasets/0/primary_key/1 unknown_key_column: By "was" it is "gross" now.)",
                     R"(/stores/0/datasets/0/references/0/columns/0 unknown_column: By "was" it is "gross" now.)",
                     R"(/workspaces/0/groups/0/sinks/0/columns/1 unknown_column: By "was" it is "gross" now.)"}));
}

TEST(ModelFormerNames, OfADataset)
{
    std::string const references = R"("references": [{"name": "r", "columns": ["id"], "dataset": "contacts"}],)";
    std::string const datasets = dataset_json("calls", id_column, R"("id")", R"("was": "contacts",)") + "," +
                                 dataset_json("orders", id_column, R"("id")", references);
    EXPECT_EQ(hints(document_json(store_json("crm", datasets),
                                  workspace_json(R"("store": "crm", "dataset": "contacts")"))),
              (Lines{R"(/stores/0/datasets/1/references/0/dataset unknown_dataset: By "was" it is "calls" now.)",
                     R"(/workspaces/0/groups/0/sinks/0/dataset unknown_dataset: By "was" it is "calls" now.)"}));
}

TEST(ModelFormerNames, OfAStore)
{
    EXPECT_EQ(hints(document_json(store_json("weblog", dataset_json("events"), R"("was": "web", )"),
                                  workspace_json(R"("store": "web", "dataset": "events")"))),
              Lines{R"(/workspaces/0/groups/0/sinks/0/store unknown_store: By "was" it is "weblog" now.)"});
}

TEST(ModelFormerNames, ANameThatNothingHadGetsOneThatIsLikeIt)
{
    EXPECT_EQ(hints(document_json(store_json("shop", dataset_json("orders", id_column + ", " + renamed_column)),
                                  workspace_json(R"("store": "shop", "dataset": "orders", "columns": ["grosss"])"))),
              Lines{R"(/workspaces/0/groups/0/sinks/0/columns/0 unknown_column: Perhaps "gross" is meant.)"});
}

TEST(ModelFormerNames, AColumnThatIsMissingIsNotReservedToo)
{
    auto const told = [](const std::string &column) {
        return all_lines(
            document_json(store_json("shop", dataset_json("orders")),
                          workspace_json(R"("store": "shop", "dataset": "orders", "columns": [)" + column + "]")));
    };
    std::string const at = "error /workspaces/0/groups/0/sinks/0/columns/0 ";
    EXPECT_EQ(told(R"("ds_surf_batch_in")"), Lines{at + "unknown_column"});
    EXPECT_EQ(told(R"({"column": "it", "as": "ds_surf_x"})"), (Lines{at + "unknown_column", at + "reserved_column"}));
}

} // namespace datasurface::model
