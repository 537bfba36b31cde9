// What a single value may be, with the exact place of each problem.

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

// The lines for a dataset with these members and otherwise all that is required.
Lines dataset_lines(const std::string &more)
{
    return all_lines(with_dataset(dataset_json("d", id_column, R"("id")", more)));
}

Lines column_lines(const std::string &column)
{
    return all_lines(with_dataset(dataset_json("d", id_column + ", " + column)));
}

Lines ingestion_lines(const std::string &ingestion)
{
    return all_lines(with_dataset(R"({"name": "d", "description": "d", "columns": [)" + id_column +
                                  R"(], "primary_key": ["id"], "ingestion": )" + ingestion + "}"));
}

const std::string column_at = "error /stores/0/datasets/0/columns/1";
const std::string dataset_at = "error /stores/0/datasets/0";

} // namespace

TEST(ModelRead, DefaultsAreFilledIn)
{
    Parsed const parsed =
        parse(document_json(store_json("s", dataset_json("d", id_column + R"(, {"name": "a", "type": "text"})")),
                            R"({"name": "w", "groups": [{"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})"));
    ASSERT_FALSE(has_errors(parsed.problems));
    const Store &store = parsed.model.stores.at(0);
    EXPECT_EQ(store.schema, "s");
    EXPECT_EQ(store.owner, "");
    EXPECT_TRUE(store.operators.empty());
    EXPECT_EQ(store.consumers, nullptr);
    EXPECT_EQ(store.consistency, Consistency::multi);
    const Dataset &dataset = store.datasets.at(0);
    EXPECT_EQ(dataset.ingestion, Ingestion::push);
    EXPECT_EQ(dataset.milestoning, Milestoning::live);
    EXPECT_EQ(dataset.duplicate_keys, DuplicateKeys::error);
    EXPECT_EQ(dataset.fillfactor, 90);
    EXPECT_TRUE(dataset.history_key_index);
    EXPECT_TRUE(dataset.columns.at(1).nullable);
    const Workspace &workspace = parsed.model.workspaces.at(0);
    EXPECT_EQ(workspace.schema, "w");
    EXPECT_EQ(workspace.owner, "");
    EXPECT_EQ(workspace.groups.at(0).sinks.at(0).name, "d");
}

TEST(ModelRead, EverythingThatIsSaidIsRead)
{
    Parsed const parsed = parse(R"J({"$schema": "x", "format": 1, "stores": [{"name": "Größe \"1\"",
        "description": "all", "schema": "sch", "owner": "me", "operators": ["cron", "Airflow"],
        "consumers": [{"workspace": "w", "readers": ["bi", "public"]}], "consistency": "single", "datasets": [{
        "name": "d", "description": "one", "columns": [
            {"name": "id", "type": "uuid", "nullable": false, "description": "key"},
            {"name": "b", "type": "numeric(3,1)", "nullable": false, "description": "B"}],
        "primary_key": ["b", "id"], "ingestion": {"kind": "sql_snapshot", "query": "SELECT 1\n"},
        "milestoning": "milestoned", "duplicate_keys": "last", "fillfactor": 10, "history_key_index": false}]}],
        "workspaces": [{"name": "w", "description": "W", "schema": "ws", "owner": "you", "groups": [
            {"name": "g", "description": "G", "sinks": [{"store": "Größe \"1\"", "dataset": "d", "name": "v"}]}]}]})J");
    ASSERT_EQ(lines(parsed.problems), Lines{});
    const Store &store = parsed.model.stores.at(0);
    EXPECT_EQ(store.name, "Größe \"1\"");
    EXPECT_EQ(*store.description, "all");
    EXPECT_EQ(store.schema, "sch");
    EXPECT_EQ(store.owner, "me");
    EXPECT_EQ(store.operators, (std::vector<std::string>{"cron", "Airflow"}));
    EXPECT_EQ((*store.consumers).at(0).workspace, "w");
    EXPECT_EQ((*store.consumers).at(0).readers.value(), (std::vector<std::string>{"bi", "public"}));
    EXPECT_EQ(store.consistency, Consistency::single);
    const Dataset &dataset = store.datasets.at(0);
    EXPECT_EQ(dataset.description, "one");
    EXPECT_EQ(dataset.ingestion, Ingestion::sql_snapshot);
    EXPECT_EQ(dataset.query, "SELECT 1\n");
    EXPECT_EQ(dataset.milestoning, Milestoning::milestoned);
    EXPECT_EQ(dataset.duplicate_keys, DuplicateKeys::last);
    EXPECT_EQ(dataset.fillfactor, 10);
    EXPECT_FALSE(dataset.history_key_index);
    EXPECT_EQ(dataset.primary_key, (std::vector<std::string>{"b", "id"}));
    EXPECT_EQ(dataset.columns.at(1).type, "numeric(3,1)");
    EXPECT_EQ(dataset.columns.at(1).description, "B");
    const Workspace &workspace = parsed.model.workspaces.at(0);
    EXPECT_EQ(workspace.schema, "ws");
    EXPECT_EQ(workspace.owner, "you");
    EXPECT_EQ(workspace.groups.at(0).description, "G");
    EXPECT_EQ(workspace.groups.at(0).sinks.at(0).name, "v");
}

TEST(ModelRead, KeyColumnsAreNotNullableUnlessSomebodySaysSo)
{
    std::string const columns = R"({"name": "a", "type": "text"}, {"name": "b", "type": "text", "nullable": true},
                                   {"name": "c", "type": "text", "nullable": false}, {"name": "d", "type": "text"})";
    Parsed const parsed = parse(with_dataset(dataset_json("d", columns, R"("a", "b", "c")")));
    const auto &read = parsed.model.stores.at(0).datasets.at(0).columns;
    EXPECT_FALSE(read.at(0).nullable);
    EXPECT_TRUE(read.at(1).nullable); // for lint to find
    EXPECT_FALSE(read.at(2).nullable);
    EXPECT_TRUE(read.at(3).nullable);
}

TEST(ModelRead, BrokenEntriesKeepTheirPlaceAndGetNoOtherProblem)
{
    std::string const stores = "7, " + store_json("a", "null, " + dataset_json("d")) + ", []";
    Parsed const parsed = parse(document_json(stores, "false"));
    ASSERT_EQ(parsed.model.stores.size(), 3u);
    EXPECT_EQ(parsed.model.stores[1].name, "a");
    ASSERT_EQ(parsed.model.stores[1].datasets.size(), 2u);
    EXPECT_EQ(parsed.model.stores[1].datasets[1].name, "d");
    EXPECT_EQ(all_lines(document_json(stores, "false")),
              (Lines{"error /stores/0 wrong_type", "error /stores/1/datasets/0 wrong_type",
                     "error /stores/2 wrong_type", "error /workspaces/0 wrong_type"}));
}

TEST(ModelRead, AnEmptyStoreObjectLacksItsMembers)
{
    EXPECT_EQ(all_lines(R"({"stores": [{}]})"),
              (Lines{"error /stores/0 missing_member", "error /stores/0 missing_member",
                     "warning /stores/0 no_description"}));
}

TEST(ModelRead, UnknownMembersAreReportedWithTheNearestKnownOne)
{
    Problems const problems = all_problems(R"({"stores": [], "workspace": []})");
    ASSERT_EQ(lines(problems), Lines{"error /workspace unknown_member"});
    EXPECT_EQ(problems[0].message, "a model has no member \"workspace\"");
    EXPECT_EQ(problems[0].hint, "Perhaps \"workspaces\" is meant.");
}

TEST(ModelRead, UnknownMembersThatResembleNoneGetTheWholeList)
{
    Problems const problems = all_problems(R"({"stores": [], "zzzzz": []})");
    ASSERT_EQ(lines(problems), Lines{"error /zzzzz unknown_member"});
    EXPECT_EQ(problems[0].hint,
              "Known members: $schema, format, brakes, when_held, credentials, sources, stores, workspaces.");
}

TEST(ModelRead, PointersEscapeTildeAndSlash)
{
    EXPECT_EQ(all_lines(R"({"stores": [], "a~b/c~1": 1})"), Lines{"error /a~0b~1c~01 unknown_member"});
    EXPECT_EQ(all_lines(R"({"stores": [], "": 1})"), Lines{"error / unknown_member"});
}

TEST(ModelRead, WrongTypesSayWhatIsExpectedAndFound)
{
    Problems const problems = all_problems(R"({"stores": {}, "workspaces": null, "format": "1", "$schema": 1})");
    ASSERT_EQ(lines(problems), (Lines{"error /stores wrong_type", "error /workspaces wrong_type",
                                      "error /format wrong_type", "error /$schema wrong_type"}));
    EXPECT_EQ(problems[0].message, "expected a list, found an object");
    EXPECT_EQ(problems[1].message, "expected a list, found null");
    EXPECT_EQ(problems[1].hint, "Leave the member out if its value is unknown.");
}

TEST(ModelRead, OnlyFormatOneIsRead)
{
    EXPECT_EQ(all_lines(R"({"stores": [], "format": 1.0})"), Lines{});
    Problems const problems = all_problems(R"({"stores": [], "format": 2})");
    ASSERT_EQ(lines(problems), Lines{"error /format out_of_range"});
    EXPECT_EQ(problems[0].message, "\"format\" must be 1");
}

TEST(ModelRead, WordsAreCheckedAndListed)
{
    Problems const problems =
        all_problems(document_json(store_json("s", dataset_json("d"), R"("consistency": "sinlge", )")));
    ASSERT_EQ(lines(problems), Lines{"error /stores/0/consistency unknown_word"});
    EXPECT_EQ(problems[0].message, R"("consistency" must be "single" or "multi", not "sinlge")");
    EXPECT_EQ(problems[0].hint, R"(Perhaps "single" is meant.)");
    EXPECT_EQ(dataset_lines(R"("milestoning": "LIVE",)"), Lines{dataset_at + "/milestoning unknown_word"});
    EXPECT_EQ(dataset_lines(R"("duplicate_keys": "first",)"), Lines{dataset_at + "/duplicate_keys unknown_word"});
    EXPECT_EQ(dataset_lines(R"("duplicate_keys": true,)"), Lines{dataset_at + "/duplicate_keys wrong_type"});
}

TEST(ModelRead, NumbersHaveTheirRange)
{
    for (const char *good : {"10", "100", "9e1", "90.0"})
        EXPECT_EQ(dataset_lines(R"("fillfactor": )" + std::string(good) + ","), Lines{}) << good;
    for (const char *bad : {"9", "101", "-1", "1e300", "-1e300", "18446744073709551615", "-9223372036854775808",
                            "123456789012345678901234567890"})
        EXPECT_EQ(dataset_lines(R"("fillfactor": )" + std::string(bad) + ","),
                  Lines{dataset_at + "/fillfactor out_of_range"})
            << bad;
    for (const char *bad : {"90.5", "\"90\"", "true", "[90]"})
        EXPECT_EQ(dataset_lines(R"("fillfactor": )" + std::string(bad) + ","),
                  Lines{dataset_at + "/fillfactor wrong_type"})
            << bad;
}

TEST(ModelRead, FlagsAreBooleans)
{
    EXPECT_EQ(dataset_lines(R"("history_key_index": false,)"), Lines{});
    EXPECT_EQ(dataset_lines(R"("history_key_index": 0,)"), Lines{dataset_at + "/history_key_index wrong_type"});
    EXPECT_EQ(column_lines(R"({"name": "a", "type": "text", "description": "d", "nullable": "no"})"),
              Lines{column_at + "/nullable wrong_type"});
}

TEST(ModelRead, BlankNamesAndTypesAreEmpty)
{
    EXPECT_EQ(column_lines(R"({"name": "", "type": " ", "description": "d"})"),
              (Lines{column_at + "/name empty_name", column_at + "/type empty_type"}));
    EXPECT_EQ(all_lines(document_json(store_json(" \\n", dataset_json("d"), R"("schema": "", "owner": "", )"))),
              (Lines{"error /stores/0/name empty_name", "error /stores/0/schema empty_name",
                     "error /stores/0/owner empty_name"}));
}

TEST(ModelRead, WhatUnicodeCallsWhiteSpaceOrInvisibleIsBlank)
{
    for (const char *blank : {"\\t", "\\u000b", "\u0085", "\u00A0", "\u1680", "\u2000", "\u200A", "\u200B", "\u200C",
                              "\u200D", "\u2028", "\u2029", "\u202F", "\u205F", "\u2060", "\u3000", "\uFEFF"}) {
        std::string const twice = std::string(blank) + blank;
        EXPECT_EQ(column_lines(R"({"name": ")" + twice + R"(", "type": ")" + twice + R"(", "description": "d"})"),
                  (Lines{column_at + "/name empty_name", column_at + "/type empty_type"}))
            << blank;
        EXPECT_EQ(all_lines(R"({"stores": [{"name": "s", "description": ")" + twice + R"(", "datasets": []}]})"),
                  (Lines{"warning /stores/0/datasets no_datasets", "warning /stores/0/description no_description"}))
            << blank;
    }
}

TEST(ModelRead, WhatIsNearABlankCanBeSeen)
{
    EXPECT_FALSE(is_blank("\u00A0x\u3000"));
    for (const char *seen :
         {"\u00A1", "\u167F", "\u1681", "\u1FFF", "\u2010", "\u2030", "\u205E", "\u3001", "\uFEFE", "😀"})
        EXPECT_FALSE(is_blank(seen)) << seen;
    for (const char *none : {"\x80", "\xC2", "\xE2\x80", "\xF0\x80\x80\xA0", "\xC0\xA0"})
        EXPECT_FALSE(is_blank(none)) << none; // no characters
}

TEST(ModelRead, TypesHaveABound)
{
    std::string const head = R"({"name": "a", "description": "d", "type": ")";
    EXPECT_EQ(column_lines(head + std::string(500, 'x') + "\"}"), Lines{});
    EXPECT_EQ(column_lines(head + std::string(501, 'x') + "\"}"), Lines{column_at + "/type text_too_long"});
}

TEST(ModelRead, DefaultsHaveABound)
{
    std::string const head = R"({"name": "a", "description": "d", "type": "text", "nullable": false, "default": ")";
    EXPECT_EQ(column_lines(head + std::string(1000, 'x') + "\"}"), Lines{});
    EXPECT_EQ(column_lines(head + std::string(1001, 'x') + "\"}"), Lines{column_at + "/default text_too_long"});
}

TEST(ModelRead, EmptyListsOfColumnsAndKey)
{
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", "", ""))),
              (Lines{dataset_at + "/columns no_columns", dataset_at + "/primary_key no_primary_key"}));
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", id_column, ""))),
              Lines{dataset_at + "/primary_key no_primary_key"});
}

TEST(ModelRead, KeyColumnsAreNames)
{
    EXPECT_EQ(all_lines(with_dataset(dataset_json("d", id_column, R"(1, "id", "", null)"))),
              (Lines{dataset_at + "/primary_key/0 wrong_type", dataset_at + "/primary_key/2 empty_name",
                     dataset_at + "/primary_key/3 wrong_type"}));
}

TEST(ModelRead, APullNeedsAQueryAndAPushHasNone)
{
    std::string const at = dataset_at + "/ingestion";
    EXPECT_EQ(ingestion_lines(R"({"kind": "push"})"), Lines{});
    EXPECT_EQ(ingestion_lines(R"({"kind": "sql_snapshot", "query": "SELECT 1"})"), Lines{});
    EXPECT_EQ(ingestion_lines(R"({"kind": "sql_snapshot"})"), Lines{at + " missing_member"});
    EXPECT_EQ(ingestion_lines(R"({"kind": "sql_snapshot", "query": "\n "})"), Lines{at + "/query empty_query"});
    EXPECT_EQ(ingestion_lines(R"({"kind": "push", "query": "SELECT 1"})"), Lines{at + "/query unexpected_query"});
    EXPECT_EQ(ingestion_lines(R"({"kind": "push", "rows": "delta"})"), Lines{});
    EXPECT_EQ(ingestion_lines(R"({"kind": "push", "rows": "all"})"), Lines{at + "/rows unknown_word"});
    EXPECT_EQ(ingestion_lines(R"({"kind": "sql_snapshot", "query": "SELECT 1", "rows": "delta"})"),
              Lines{at + "/rows unexpected_rows"});
    EXPECT_EQ(ingestion_lines(R"({"kind": "cdc", "query": "SELECT 1"})"), Lines{at + "/kind unknown_word"});
    EXPECT_EQ(ingestion_lines(R"({"query": "SELECT 1"})"), Lines{at + " missing_member"});
    EXPECT_EQ(ingestion_lines(R"("push")"), Lines{at + " wrong_type"});
}

TEST(ModelRead, AnUnreadableIngestionIsNoMixture)
{
    std::string const pull = R"({"name": "p", "description": "d", "columns": [)" + id_column +
                             R"(], "primary_key": ["id"], "ingestion": {"kind": "sql_snapshot", "query": "SELECT 1"}})";
    std::string broken = pull;
    broken.replace(broken.find("\"p\""), 3, "\"q\"").replace(broken.find("sql_snapshot"), 12, "sql_snapshit");
    EXPECT_EQ(all_lines(document_json(store_json("s", broken + "," + pull))),
              Lines{dataset_at + "/ingestion/kind unknown_word"});
}

TEST(ModelRead, DescriptionsOfStoresDatasetsAndWorkspacesAreAskedForWithAWarning)
{
    std::string const workspace = R"({"name": "w", "groups": []})";
    EXPECT_EQ(all_lines(R"({"stores": [{"name": "s", "description": " ", "datasets": []}], "workspaces": [)" +
                        workspace + "]}"),
              (Lines{"warning /stores/0/datasets no_datasets", "warning /stores/0/description no_description",
                     "warning /workspaces/0/groups no_sinks", "warning /workspaces/0 no_description"}));
    EXPECT_EQ(column_lines(R"({"name": "a", "type": "text"})"), Lines{});
    EXPECT_EQ(column_lines(R"({"name": "a", "type": "text", "description": 5})"),
              Lines{column_at + "/description wrong_type"});
}

TEST(ModelRead, DescriptionsHaveABoundInCharacters)
{
    std::string umlauts;
    for (int i = 0; i < 10'000; ++i)
        umlauts += "ü";
    std::string const head = R"({"name": "a", "type": "text", "description": ")";
    EXPECT_EQ(column_lines(head + umlauts + "\"}"), Lines{});
    EXPECT_EQ(column_lines(head + umlauts + "u\"}"), Lines{column_at + "/description text_too_long"});
}

TEST(ModelRead, StoresWithoutDatasetsAndWorkspacesWithoutSinksAreWarnedOf)
{
    EXPECT_EQ(all_lines(document_json(store_json("s", ""), R"({"name": "w", "description": "d", "groups": []},
                        {"name": "v", "description": "d", "groups": [{"name": "g", "description": "d", "sinks": []}]})")),
              (Lines{"warning /stores/0/datasets no_datasets", "warning /workspaces/0/groups no_sinks",
                     "warning /workspaces/1/groups/0/sinks no_sinks"}));
}

TEST(ModelRead, WarningsAreNoErrors)
{
    EXPECT_FALSE(has_errors(all_problems(document_json(store_json("s", "")))));
    EXPECT_TRUE(has_errors(all_problems("{}")));
    EXPECT_FALSE(has_errors({}));
}

} // namespace datasurface::model
