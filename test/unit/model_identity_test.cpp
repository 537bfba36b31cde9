// Former names, defaults and ids of columns: what is read of them, and what is written.

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

std::string column_json(const std::string &more)
{
    return R"({"name": "v", "type": "text", "nullable": false, "description": "d", )" + more + "}";
}

std::string with_column(const std::string &more)
{
    return with_dataset(dataset_json("d", id_column + "," + column_json(more)));
}

// The default of a column for which the document has this JSON.
std::string default_of(const std::string &json)
{
    Parsed const parsed = parse(with_column("\"default\": " + json));
    EXPECT_EQ(lines(parsed.problems), Lines{}) << json;
    return *parsed.model.stores.at(0).datasets.at(0).columns.at(1).default_text;
}

const std::string column_at = "error /stores/0/datasets/0/columns/1";

} // namespace

TEST(ModelIdentity, FormerNamesAreRead)
{
    Parsed const parsed =
        parse(document_json(store_json("s", dataset_json("d", column_json(R"("was": "u")"), R"("v")", R"("was": "c",)"),
                                       R"("was": "r", )"),
                            R"({"name": "v", "description": "d", "groups": []},
                               {"name": "w", "was": "x", "description": "d", "groups": []})"));
    EXPECT_EQ(lines(parsed.problems),
              (Lines{"warning /workspaces/0/groups no_sinks", "warning /workspaces/1/groups no_sinks"}));
    const Store &store = parsed.model.stores.at(0);
    EXPECT_EQ(parsed.model.stores_were, (std::map<std::size_t, std::string>{{0, "r"}}));
    EXPECT_EQ(*store.datasets.at(0).was, "c");
    EXPECT_EQ(*store.datasets.at(0).columns.at(0).was, "u");
    EXPECT_EQ(parsed.model.workspaces_were, (std::map<std::size_t, std::string>{{1, "x"}}));
}

TEST(ModelIdentity, WhatIsNotSaidIsNone)
{
    Parsed const parsed =
        parse(document_json(store_json("s", dataset_json("d")), R"({"name": "w", "description": "d", "groups": []})"));
    const Store &store = parsed.model.stores.at(0);
    EXPECT_TRUE(parsed.model.stores_were.empty());
    EXPECT_EQ(store.datasets.at(0).was, nullptr);
    EXPECT_EQ(store.datasets.at(0).columns.at(0).was, nullptr);
    EXPECT_EQ(store.datasets.at(0).columns.at(0).default_text, nullptr);
    EXPECT_EQ(store.datasets.at(0).columns.at(0).id, 0);
    EXPECT_TRUE(parsed.model.workspaces_were.empty());
}

TEST(ModelIdentity, FormerNamesAreNames)
{
    EXPECT_EQ(all_lines(with_column(R"("was": " ")")), Lines{column_at + "/was empty_name"});
    EXPECT_EQ(all_lines(with_column(R"("was": ")" + std::string(64, 'x') + "\"")),
              Lines{column_at + "/was name_too_long"});
    std::string const hash = R"("was": "a#b", )";
    EXPECT_EQ(all_lines(document_json(store_json("s", dataset_json("d", id_column, R"("id")", hash), hash))),
              (Lines{"error /stores/0/was hash_in_name", "error /stores/0/datasets/0/was hash_in_name"}));
    EXPECT_EQ(all_lines(document_json(store_json("s", dataset_json("d")),
                                      R"({"name": "w", "was": "a\nb", "description": "d", "groups": [
                                          {"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})")),
              Lines{"error /workspaces/0/was control_character"});
}

TEST(ModelIdentity, DefaultsAreKeptAsTheyAreWritten)
{
    EXPECT_EQ(default_of(R"("none")"), "none");
    EXPECT_EQ(default_of(R"("")"), "");
    EXPECT_EQ(default_of("0"), "0");
    EXPECT_EQ(default_of("-7"), "-7");
    EXPECT_EQ(default_of("12345678901234567"), "12345678901234567");
    EXPECT_EQ(default_of("123456789012345678901234567890"), "123456789012345678901234567890");
    EXPECT_EQ(default_of("1.50"), "1.50");
    EXPECT_EQ(default_of("true"), "true");
    EXPECT_EQ(default_of("false"), "false");
}

TEST(ModelIdentity, ADefaultIsOneValue)
{
    for (const char *json : {"null", "[]", "{}"}) {
        Parsed const parsed = parse(with_column(std::string("\"default\": ") + json));
        EXPECT_EQ(lines(parsed.problems), Lines{column_at + "/default wrong_type"}) << json;
        EXPECT_EQ(parsed.model.stores.at(0).datasets.at(0).columns.at(1).default_text, nullptr) << json;
    }
    EXPECT_EQ(all_lines(with_column("\"default\": \"" + std::string(10'001, 'x') + "\"")),
              Lines{column_at + "/default text_too_long"});
}

TEST(ModelIdentity, ADefaultOfANullableColumnIsWarnedOf)
{
    EXPECT_EQ(all_lines(with_dataset(
                  dataset_json("d",
                               id_column + R"(, {"name": "v", "type": "text", "description": "d", "default": 1})"))),
              Lines{"warning /stores/0/datasets/0/columns/1/default unused_default"});
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", R"({"name": "id", "type": "bigint", "default": 1})"))), Lines{});
}

TEST(ModelIdentity, ADocumentHasNoIds)
{
    EXPECT_EQ(all_lines(with_column(R"("id": 1)")), Lines{column_at + "/id unknown_member"});
}

TEST(ModelIdentity, TheCatalogHasIdsAndDefaultsAndNoFormerNames)
{
    Dataset dataset = parse(with_column(R"("was": "u", "default": 5)")).model.stores.at(0).datasets.at(0);
    dataset.was = dataset.columns[1].was;
    dataset.columns[0].id = 3;
    dataset.columns[1].id = 1;
    std::string const text = to_json(dataset);
    EXPECT_NE(text.find(R"("columns":[{"description":"d","id":3,"name":"id","nullable":false,"type":"bigint"},)"
                        R"({"default":"5","description":"d","id":1,"name":"v","nullable":false,"type":"text"}],)"),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("was"), std::string::npos);
    Dataset const again = dataset_from_json(text);
    EXPECT_EQ(again.columns.at(0).id, 3);
    EXPECT_EQ(*again.columns.at(1).default_text, "5");
    EXPECT_EQ(to_json(again), text);
}

TEST(ModelIdentity, NoDigestHasThem)
{
    Dataset const plain = parse(with_column(R"("nullable": false)")).model.stores.at(0).datasets.at(0);
    Dataset dataset = parse(with_column(R"("was": "u", "default": 5)")).model.stores.at(0).datasets.at(0);
    dataset.columns[1].id = 1;
    EXPECT_EQ(behaviour_json(dataset), behaviour_json(plain));
    EXPECT_EQ(tables_json(dataset), tables_json(plain));
    Store store;
    store.datasets = {plain};
    std::string const before = to_json(store);
    store.datasets[0].was = store.datasets[0].columns[1].was = dataset.columns[1].was;
    EXPECT_EQ(to_json(store), before);
}

} // namespace datasurface::model
