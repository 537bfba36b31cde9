// No name may be claimed twice, in the document or beside it.

#include <algorithm>

#include <gtest/gtest.h>

#include "shape/claims.hpp"

namespace datasurface::shape {

namespace {

model::Dataset dataset(const std::string &name, model::Milestoning milestoning = model::Milestoning::live)
{
    model::Dataset dataset;
    dataset.name = name;
    dataset.milestoning = milestoning;
    return dataset;
}

model::Store store(const std::string &name, const std::string &schema, std::vector<model::Dataset> datasets)
{
    model::Store store;
    store.name = name;
    store.schema = schema;
    store.datasets = std::move(datasets);
    return store;
}

model::Workspace workspace(const std::string &name, const std::string &schema, std::vector<model::Sink> sinks)
{
    model::Workspace workspace;
    workspace.name = name;
    workspace.schema = schema;
    workspace.groups = {{"all", "", std::move(sinks)}};
    return workspace;
}

model::Model of(std::deque<model::Store> stores, std::deque<model::Workspace> workspaces = {})
{
    return {std::move(stores), std::move(workspaces)};
}

std::vector<std::string> lines(const model::Problems &problems)
{
    std::vector<std::string> all;
    for (const model::Problem &problem : problems)
        all.push_back(problem.pointer + " " + problem.code + ": " + problem.message);
    return all;
}

std::vector<std::string> clashes(const model::Model &document, const model::Model &kept = {})
{
    return lines(check_claims(claims(document), claims(kept)));
}

std::vector<std::string> claimed(const model::Model &model)
{
    std::vector<std::string> names;
    for (const Claim &claim : claims(model))
        names.push_back(claim.name.name + (claim.function ? "()" : ""));
    std::sort(names.begin(), names.end());
    return names;
}

using Lines = std::vector<std::string>;

} // namespace

TEST(Claims, OfALiveDataset)
{
    EXPECT_EQ(claimed(of({store("a", "s", {dataset("d")})})), (Lines{"d", "d_pkey", "d_staging", "d_staging_seq"}));
}

TEST(Claims, OfAMilestonedDataset)
{
    EXPECT_EQ(claimed(of({store("a", "s", {dataset("d", model::Milestoning::milestoned)})})),
              (Lines{"d", "d_as_of()", "d_history", "d_history_key_idx", "d_history_out_idx", "d_pkey", "d_staging",
                     "d_staging_seq"}));
}

TEST(Claims, OfAWorkspaceAndWhoHoldsThem)
{
    std::vector<Claim> const all = claims(of({}, {workspace("w", "views", {{"a", "d", "x"}, {"a", "e", "y"}})}));
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[3].name.sql(), R"("views"."y_full")");
    EXPECT_EQ(all[3].holder, R"(workspace "w")");
    EXPECT_EQ(all[3].claimant, R"(sink "y" of workspace "w")");
    EXPECT_EQ(all[3].pointer, "/workspaces/0/groups/0/sinks/1");
}

TEST(CheckClaims, DistinctNamesDoNotClash)
{
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d"), dataset("e")}), store("b", "t", {dataset("d")})},
                         {workspace("w", "views", {{"a", "d", "d"}, {"a", "e", "e"}})})),
              Lines{});
}

TEST(CheckClaims, TwoStoresInOneSchema)
{
    Lines const found = clashes(of({store("a", "s", {dataset("d")}), store("b", "s", {dataset("d")})}));
    ASSERT_EQ(found.size(), 1u); // though four names of the two are the same
    EXPECT_EQ(found[0], R"(/stores/1/datasets/0 name_clash: dataset "d" of store "b" needs the name "s"."d", )"
                        R"(which dataset "d" of store "a" has)");
}

TEST(CheckClaims, ADatasetNamedLikeTheStagingTableOfAnother)
{
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d"), dataset("d_staging")})})),
              (Lines{R"(/stores/0/datasets/1 name_clash: dataset "d_staging" of store "a" needs the name )"
                     R"("s"."d_staging", which dataset "d" of store "a" has)"}));
}

TEST(CheckClaims, OnlyMilestonedDatasetsHaveAHistory)
{
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d"), dataset("d_history")})})), Lines{});
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d", model::Milestoning::milestoned), dataset("d_history")})}))
                  .size(),
              1u);
}

TEST(CheckClaims, FunctionsHaveANameSpaceOfTheirOwn)
{
    model::Dataset const milestoned = dataset("d", model::Milestoning::milestoned);
    EXPECT_EQ(clashes(of({store("a", "s", {milestoned, dataset("d_as_of")})})), Lines{});
    std::vector<Claim> const twice = {{{"s", "f"}, true, "h", "one", "/1"}, {{"s", "f"}, true, "h", "two", "/2"}};
    EXPECT_EQ(check_claims(twice, {}).size(), 1u);
}

TEST(CheckClaims, ASinkNamedLikeATable)
{
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d")})}, {workspace("w", "s", {{"a", "d", "d"}})})),
              (Lines{R"(/workspaces/0/groups/0/sinks/0 name_clash: sink "d" of workspace "w" needs the name "s"."d", )"
                     R"(which dataset "d" of store "a" has)"}));
}

TEST(CheckClaims, NothingHasTheNameYetThatIsKeptForALiveDataset)
{
    model::Store const live = store("a", "s", {dataset("d"), dataset("e")});
    Lines const kept = {R"(/workspaces/0/groups/0/sinks/1 name_clash: sink "d_full" of workspace "w" needs the name )"
                        R"("views"."d_full", which is reserved for sink "d" of workspace "w" if its dataset becomes )"
                        "milestoned"};
    model::Workspace const sinks = workspace("w", "views", {{"a", "d", "d"}, {"a", "e", "d_full"}});
    EXPECT_EQ(clashes(of({live}, {sinks})), kept);
    EXPECT_EQ(lines(check_claims(claims(of({}, {sinks}), never_interrupted, of({live})), {})), kept);
    EXPECT_EQ(clashes(of({live}, {workspace("w", "views", {{"a", "e", "d_full"}, {"a", "d", "d"}})})),
              (Lines{
                  R"(/workspaces/0/groups/0/sinks/1 name_clash: sink "d" of workspace "w" needs the name )"
                  R"("views"."d_full" if its dataset becomes milestoned, but sink "d_full" of workspace "w" has it)"}));
}

TEST(CheckClaims, ASinkNamedLikeTheFullViewOfAnother)
{
    Lines const found = clashes(of({}, {workspace("w", "views", {{"a", "d", "d"}, {"a", "e", "d_full"}})}));
    EXPECT_EQ(found, (Lines{R"(/workspaces/0/groups/0/sinks/1 name_clash: sink "d_full" of workspace "w" needs the )"
                            R"(name "views"."d_full", which sink "d" of workspace "w" has)"}));
}

TEST(CheckClaims, TellsNoMoreThanAnybodyReads)
{
    std::vector<model::Dataset> datasets;
    for (int i = 0; i < 11'000; ++i)
        datasets.push_back(dataset("d" + std::to_string(i)));
    model::Problems const problems =
        check_claims(claims(of({store("a", "s", datasets)})), claims(of({store("b", "s", datasets)})));
    ASSERT_EQ(problems.size(), 10'001u);
    EXPECT_EQ(problems.back().code, "too_many_problems");
}

TEST(CheckClaims, WhatTheRestOfTheModelHas)
{
    model::Model const kept = of({store("old", "s", {dataset("d")})});
    Lines const found = clashes(of({store("new", "s", {dataset("d")})}), kept);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0], R"(/stores/0/datasets/0 name_clash: dataset "d" of store "new" needs the name "s"."d", )"
                        R"(which dataset "d" of store "old" has)");
    EXPECT_EQ(clashes(of({store("new", "t", {dataset("d")})}), kept), Lines{});
}

TEST(CheckClaims, TheRestAloneIsNotComplainedOf)
{
    model::Model const kept = of({store("a", "s", {dataset("d")}), store("b", "s", {dataset("d")})});
    EXPECT_EQ(clashes({}, kept), Lines{});
}

TEST(CheckClaims, OneNameGivenTwiceIsToldOfElsewhere)
{
    EXPECT_EQ(clashes(of({store("a", "s", {dataset("d"), dataset("d")})})), Lines{});
}

} // namespace datasurface::shape
