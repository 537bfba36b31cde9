// First loads: what a dataset and its store say, what holds in the end, and what is no part of a digest.

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string pull = R"({"kind": "sql_snapshot", "query": "SELECT 1"})";
const std::string at_dataset = "error /stores/0/datasets/0/first_load";
const std::string chunks_of_seven = R"("first_load": {"chunk_rows": 7, "connections": 2}, )";
constexpr FirstLoad seven{7, 2};

std::string dataset_of(const std::string &ingestion, const std::string &more)
{
    return R"({"name": "d", "description": "d", "columns": [)" + id_column + R"(], "primary_key": ["id"], )" + more +
           R"("ingestion": )" + ingestion + "}";
}

std::string pulled(const std::string &more)
{
    return dataset_of(pull, more);
}

std::string pushed(const std::string &more)
{
    return dataset_of(R"({"kind": "push"})", more);
}

std::string document(const std::string &dataset, const std::string &of_store = "")
{
    return document_json(store_json("s", dataset, of_store));
}

Dataset first_dataset(const std::string &text)
{
    Parsed const parsed = parse(text);
    EXPECT_FALSE(has_errors(parsed.problems)) << lines(parsed.problems).at(0);
    return parsed.model.stores.at(0).datasets.at(0);
}

std::optional<FirstLoad> first_load_of(const std::string &text)
{
    return first_dataset(text).first_load;
}

Lines value_lines(const std::string &value)
{
    return all_lines(document(pulled(R"("first_load": )" + value + ", ")));
}

} // namespace

TEST(ModelFirstLoad, WithoutAWordItIsWhole)
{
    EXPECT_EQ(first_load_of(document(pulled(""))), std::nullopt);
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": "whole", )"))), std::nullopt);
}

TEST(ModelFirstLoad, MembersThatAreLeftOutHaveDefaults)
{
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": {}, )"))), (FirstLoad{1'000'000, 1}));
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": {"chunk_rows": 7}, )"))), (FirstLoad{7, 1}));
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": {"connections": 2}, )"))), (FirstLoad{1'000'000, 2}));
    EXPECT_EQ(first_load_of(document(pulled(chunks_of_seven))), seven);
}

TEST(ModelFirstLoad, TheStoreSaysItForItsPulledDatasets)
{
    EXPECT_EQ(first_load_of(document(pulled(""), chunks_of_seven)), seven);
    EXPECT_EQ(first_load_of(document(pushed(""), chunks_of_seven)), std::nullopt);
    EXPECT_EQ(all_lines(document(pushed(""), chunks_of_seven)), Lines{});
    EXPECT_EQ(first_load_of(document(pulled(chunks_of_seven), R"("first_load": "whole", )")), seven);
}

TEST(ModelFirstLoad, ADatasetTakesNothingOfItsStoreIfItSaysSomething)
{
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": {}, )"), chunks_of_seven)), (FirstLoad{1'000'000, 1}));
    EXPECT_EQ(first_load_of(document(pulled(R"("first_load": "whole", )"), chunks_of_seven)), std::nullopt);
}

TEST(ModelFirstLoad, WhatOneStoreOrDatasetSaysIsNotOfTheNext)
{
    std::string const other = R"({"name": "e", )" + pulled("").substr(std::string(R"({"name": "d", )").size());
    std::string const first = store_json("s", pulled(R"("first_load": "whole", )") + ", " + other, chunks_of_seven);
    Model const model = parse(document_json(first + ", " + store_json("t", pulled("")))).model;
    EXPECT_EQ(model.stores.at(0).datasets.at(0).first_load, std::nullopt);
    EXPECT_EQ(model.stores.at(0).datasets.at(1).first_load, seven);
    EXPECT_EQ(model.stores.at(1).datasets.at(0).first_load, std::nullopt);
}

TEST(ModelFirstLoad, NumbersHaveTheirRanges)
{
    EXPECT_EQ(value_lines(R"({"chunk_rows": 1, "connections": 64})"), Lines{});
    EXPECT_EQ(value_lines(R"({"chunk_rows": 1000000000, "connections": 1})"), Lines{});
    EXPECT_EQ(value_lines(R"({"chunk_rows": 0})"), Lines{at_dataset + "/chunk_rows out_of_range"});
    EXPECT_EQ(value_lines(R"({"chunk_rows": 1000000001})"), Lines{at_dataset + "/chunk_rows out_of_range"});
    EXPECT_EQ(value_lines(R"({"connections": 0})"), Lines{at_dataset + "/connections out_of_range"});
    EXPECT_EQ(value_lines(R"({"connections": 65})"), Lines{at_dataset + "/connections out_of_range"});
    EXPECT_EQ(all_lines(document(pushed(""), R"("first_load": {"chunk_rows": 0}, )")),
              Lines{"error /stores/0/first_load/chunk_rows out_of_range"});
}

TEST(ModelFirstLoad, OtherValuesAndMembersAreErrors)
{
    EXPECT_EQ(value_lines(R"({"chunk_row": 1})"), Lines{at_dataset + "/chunk_row unknown_member"});
    EXPECT_EQ(value_lines(R"("chunks")"), Lines{at_dataset + " wrong_type"});
    EXPECT_EQ(value_lines("false"), Lines{at_dataset + " wrong_type"});
    EXPECT_EQ(value_lines("1000"), Lines{at_dataset + " wrong_type"});
}

TEST(ModelFirstLoad, APushedDatasetHasNone)
{
    for (std::string const value : {R"({"chunk_rows": 7})", R"("whole")"}) {
        std::string const text = document(pushed(R"("first_load": )" + value + ", "));
        Problems const problems = all_problems(text);
        EXPECT_EQ(lines(problems), Lines{at_dataset + " unexpected_first_load"});
        EXPECT_NE(problems.at(0).hint.find("Leave it out"), std::string::npos);
        EXPECT_EQ(parse(text).model.stores.at(0).datasets.at(0).first_load, std::nullopt);
    }
    EXPECT_EQ(all_lines(document(dataset_of(R"({"kind": "pus"})", chunks_of_seven))),
              Lines{"error /stores/0/datasets/0/ingestion/kind unknown_word"})
        << "it may be one that is pulled";
}

TEST(ModelFirstLoad, TheStoredDefinitionHasIt)
{
    Dataset const dataset = first_dataset(document(pulled(R"("first_load": {}, )")));
    EXPECT_NE(to_json(dataset).find(R"("first_load":{"chunk_rows":1000000,"connections":1})"), std::string::npos);
    EXPECT_EQ(dataset_from_json(to_json(dataset)).first_load, FirstLoad{});
    EXPECT_EQ(to_json(first_dataset(document(pulled("")))).find("first_load"), std::string::npos)
        << "a model of before stays as it is";

    Store const store = parse(document(pulled(""), chunks_of_seven)).model.stores.at(0);
    EXPECT_EQ(store_from_json(to_json(store)).datasets.at(0).first_load, seven);
}

// An open or held batch goes on when it changes, a mark stays, and no table is made anew.
TEST(ModelFirstLoad, NoDigestTellsADifference)
{
    Dataset const plain = first_dataset(document(pulled("")));
    Dataset const in_chunks = first_dataset(document(pulled(chunks_of_seven)));
    EXPECT_NE(to_json(in_chunks), to_json(plain));
    EXPECT_EQ(behaviour_json(in_chunks), behaviour_json(plain));
    EXPECT_EQ(tables_json(in_chunks), tables_json(plain));
    EXPECT_EQ(rows_json(in_chunks, "o"), rows_json(plain, "o"));
    EXPECT_EQ(rules_json(*in_chunks.rules), rules_json(*plain.rules));
}

} // namespace datasurface::model
