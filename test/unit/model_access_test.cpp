// Who may do what with a store: its operators and consumers.

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string workspaces = R"({"name": "desk", "description": "d", "groups": [
    {"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})";

// One store s with these members, and the workspace desk.
std::string document(const std::string &more)
{
    return document_json(store_json("s", dataset_json("d"), more + ", "), workspaces);
}

Lines operator_lines(const std::string &operators)
{
    return all_lines(document(R"("operators": )" + operators));
}

Lines consumer_lines(const std::string &consumers)
{
    return all_lines(document(R"("consumers": )" + consumers));
}

Lines reader_lines(const std::string &readers)
{
    return consumer_lines(R"([{"workspace": "desk", "readers": )" + readers + "}]");
}

const std::string operators_at = "error /stores/0/operators";
const std::string consumers_at = "error /stores/0/consumers";
const std::string readers_at = consumers_at + "/0/readers";

} // namespace

TEST(ModelAccess, AStoreWithOperatorsAndConsumersHasNoProblems)
{
    EXPECT_EQ(all_lines(document(R"("operators": ["cron"], "consumers": [{"workspace": "desk", "readers": ["bi"]}])")),
              Lines{});
}

TEST(ModelAccess, ListsMayBeEmpty)
{
    EXPECT_EQ(operator_lines("[]"), Lines{});
    EXPECT_EQ(consumer_lines("[]"), Lines{});
    EXPECT_EQ(reader_lines("[]"), Lines{});
}

TEST(ModelAccess, WhatIsLeftOutDiffersFromAnEmptyList)
{
    Parsed const parsed = parse(document(R"("consumers": [{"workspace": "desk"}, {"workspace": "w", "readers": []}])"));
    const std::vector<Consumer> &consumers = *parsed.model.stores.at(0).consumers;
    EXPECT_FALSE(consumers.at(0).readers.has_value());
    EXPECT_TRUE(consumers.at(1).readers.value().empty());
    EXPECT_NE(parse(document(R"("consumers": [])")).model.stores.at(0).consumers, nullptr);
}

TEST(ModelAccess, RolesAndConsumersAreListsOfTheirKind)
{
    EXPECT_EQ(operator_lines(R"("cron")"), Lines{operators_at + " wrong_type"});
    EXPECT_EQ(operator_lines("null"), Lines{operators_at + " wrong_type"});
    EXPECT_EQ(operator_lines(R"([1, "", "cron"])"),
              (Lines{operators_at + "/0 wrong_type", operators_at + "/1 empty_name"}));
    EXPECT_EQ(consumer_lines("null"), Lines{consumers_at + " wrong_type"});
    EXPECT_EQ(consumer_lines(R"(["desk"])"), Lines{consumers_at + "/0 wrong_type"});
    EXPECT_EQ(reader_lines(R"("bi")"), Lines{readers_at + " wrong_type"});
    EXPECT_EQ(reader_lines("null"), Lines{readers_at + " wrong_type"});
    EXPECT_EQ(reader_lines(R"([" ", {}])"), (Lines{readers_at + "/0 empty_name", readers_at + "/1 wrong_type"}));
}

TEST(ModelAccess, AConsumerNamesItsWorkspace)
{
    Problems const problems = all_problems(document(R"("consumers": [{"readers": []}, {"workspace": ""}])"));
    ASSERT_EQ(lines(problems), (Lines{consumers_at + "/0 missing_member", consumers_at + "/1/workspace empty_name"}));
    EXPECT_EQ(problems[0].message, "a consumer lacks the member \"workspace\"");
    EXPECT_EQ(consumer_lines(R"([{"workspace": "desk", "reader": []}])"),
              Lines{consumers_at + "/0/reader unknown_member"});
}

TEST(ModelAccess, RolesHaveSixtyThreeBytesAndWorkspacesTwoHundred)
{
    std::string const role(63, 'r');
    EXPECT_EQ(operator_lines("[\"" + role + "\"]"), Lines{});
    EXPECT_EQ(operator_lines("[\"" + role + "r\"]"), Lines{operators_at + "/0 name_too_long"});
    EXPECT_EQ(reader_lines("[\"" + role + "\"]"), Lines{});
    EXPECT_EQ(reader_lines("[\"bi\", \"" + role + "r\"]"), Lines{readers_at + "/1 name_too_long"});
    std::string const workspace(200, 'w');
    std::string const unknown = "warning /stores/0/consumers/0/workspace unknown_workspace";
    EXPECT_EQ(consumer_lines(R"([{"workspace": ")" + workspace + "\"}]"), Lines{unknown});
    EXPECT_EQ(consumer_lines(R"([{"workspace": ")" + workspace + "w\"}]"),
              (Lines{consumers_at + "/0/workspace name_too_long", unknown}));
}

TEST(ModelAccess, NamesHaveNoControlCharacters)
{
    EXPECT_EQ(operator_lines(R"(["a\nb"])"), Lines{operators_at + "/0 control_character"});
    EXPECT_EQ(reader_lines(R"(["a\u0085"])"), Lines{readers_at + "/0 control_character"});
    EXPECT_EQ(consumer_lines(R"([{"workspace": "a\tb"}])"),
              (Lines{consumers_at + "/0/workspace control_character",
                     "warning /stores/0/consumers/0/workspace unknown_workspace"}));
}

TEST(ModelAccess, ARoleIsListedOnce)
{
    Problems const problems = all_problems(document(R"("operators": ["cron", "Cron", "cron"])"));
    ASSERT_EQ(lines(problems), Lines{operators_at + "/2 duplicate_role"});
    EXPECT_EQ(problems[0].message, "role \"cron\" is listed twice");
    EXPECT_EQ(reader_lines(R"(["bi", "bi", "cron"])"), Lines{readers_at + "/1 duplicate_role"});
    EXPECT_EQ(all_lines(document(R"("operators": ["bi"], "consumers": [{"workspace": "desk", "readers": ["bi"]}])")),
              Lines{});
}

TEST(ModelAccess, AWorkspaceIsListedOnce)
{
    Problems const problems =
        all_problems(document(R"("consumers": [{"workspace": "desk"}, {"workspace": "desk", "readers": ["bi"]}])"));
    ASSERT_EQ(lines(problems), Lines{consumers_at + "/1/workspace duplicate_consumer"});
    EXPECT_EQ(problems[0].message, "workspace \"desk\" is listed twice");
    EXPECT_EQ(problems[0].hint, "Name all its readers in one entry.");
}

TEST(ModelAccess, AWorkspaceThatIsNotThereIsWarnedOf)
{
    Problems const problems = all_problems(document(R"("consumers": [{"workspace": "dest"}, {"workspace": "later"}])"));
    ASSERT_EQ(lines(problems), (Lines{"warning /stores/0/consumers/0/workspace unknown_workspace",
                                      "warning /stores/0/consumers/1/workspace unknown_workspace"}));
    EXPECT_EQ(problems[0].message, "there is no workspace \"dest\"");
    EXPECT_EQ(problems[0].hint, "Perhaps \"desk\" is meant.");
    EXPECT_EQ(problems[1].hint, "The entry lets nobody read the store.");
}

TEST(ModelAccess, AWorkspaceOfTheLoadedModelIsKnown)
{
    Model kept;
    kept.workspaces.resize(1);
    kept.workspaces[0].name = "old";
    EXPECT_EQ(all_lines(document(R"("consumers": [{"workspace": "old"}])"), kept), Lines{});
}

TEST(ModelAccess, AWorkspaceWhoseNameCannotBeReadMayBeTheOneNamed)
{
    EXPECT_EQ(all_lines(
                  document_json(store_json("s", dataset_json("d"), R"("consumers": [{"workspace": "desk"}], )"),
                                R"({"name": 1, "schema": "desk", "description": "d", "groups": [{"name": "g", "sinks": [
                      {"store": "s", "dataset": "d"}]}]})")),
              Lines{"error /workspaces/0/name wrong_type"});
}

TEST(ModelAccess, ManyUnknownWorkspacesAreBoundedAndGetFewHints)
{
    std::string consumers;
    for (int i = 0; i < 10'000; ++i)
        consumers +=
            (i > 0 ? "," : "") + (R"({"workspace": "desk)" + std::to_string(i % 10) + std::to_string(i) + "\"}");
    std::string const two_stores = store_json("s", dataset_json("d"), R"("consumers": [)" + consumers + "], ") + "," +
                                   store_json("t", dataset_json("d"), R"("consumers": [)" + consumers + "], ");
    Problems const problems = all_problems(document_json(two_stores));
    EXPECT_LE(problems.size(), 10'001u);
    std::size_t hints = 0;
    for (const Problem &problem : problems)
        hints += problem.hint.starts_with("Perhaps") ? 1 : 0;
    EXPECT_LE(hints, 100u);
}

TEST(ModelAccess, ReadersOfAWorkspaceAreRoles)
{
    auto const told = [](const std::string &readers) {
        return all_lines(document_json(
            store_json("s", dataset_json("d")),
            R"({"name": "desk", "description": "d", "readers": )" + readers +
                R"(, "groups": [{"name": "g", "description": "d", "sinks": [{"store": "s", "dataset": "d"}]}]})"));
    };
    std::string const at = "error /workspaces/0/readers";
    EXPECT_EQ(told(R"(["bi", "public"])"), Lines{});
    EXPECT_EQ(told("[]"), Lines{});
    EXPECT_EQ(told(R"(["bi", "bi"])"), Lines{at + "/1 duplicate_role"});
    EXPECT_EQ(told(R"([""])"), Lines{at + "/0 empty_name"});
    EXPECT_EQ(told(R"("bi")"), Lines{at + " wrong_type"});
}

} // namespace datasurface::model
