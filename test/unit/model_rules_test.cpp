// Brakes, checks and references: what each level says, what holds in the end, and what does not fit together.

#include <gtest/gtest.h>

#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string pull = R"({"kind": "sql_snapshot", "query": "SELECT 1"})";
const std::string defaults =
    R"({"brakes":{"changes":"off","deletes":{"action":"hold","percent":30,"rows":1000},)"
    R"("empty":{"action":"hold","rows":100},"rows":"off","surplus":"off"},"when_held":"replace"})";

std::string dataset_of(const std::string &ingestion, const std::string &more, const std::string &name = "d")
{
    return R"({"name": ")" + name + R"(", "description": "d", "columns": [)" + id_column +
           R"(, {"name": "customer", "type": "bigint", "description": "c"}], "primary_key": ["id"], )" + more +
           R"("ingestion": )" + ingestion + "}";
}

std::string pulled(const std::string &more, const std::string &name = "d")
{
    return dataset_of(pull, more, name);
}

std::string pushed(const std::string &more, const std::string &name = "d")
{
    return dataset_of(R"({"kind": "push"})", more, name);
}

std::string document(const std::string &datasets, const std::string &of_store = "", const std::string &of_model = "")
{
    return "{" + of_model + R"("stores": [)" + store_json("s", datasets, of_store) + "]}";
}

const std::string at_dataset = "error /stores/0/datasets/0/";

// The rules of the first dataset.
std::string rules_of(const std::string &text)
{
    Parsed const parsed = parse(text);
    EXPECT_FALSE(has_errors(parsed.problems)) << lines(parsed.problems).at(0);
    return rules_json(*parsed.model.stores.at(0).datasets.at(0).rules);
}

std::string deletes(int rows)
{
    return R"("brakes": {"deletes": {"rows": )" + std::to_string(rows) + "}}, ";
}

Lines brake_lines(const std::string &brakes)
{
    return all_lines(document(pulled(R"("duplicate_keys": "last", "brakes": )" + brakes + ", ")));
}

Lines reference_lines(const std::string &members, const std::string &more_datasets = "")
{
    return all_lines(document(pulled(R"("references": [{"name": "r", )" + members + "}], ") + more_datasets));
}

} // namespace

TEST(ModelRules, DeletesAndEmptyAreBuiltIn)
{
    EXPECT_EQ(rules_of(document(pulled(""))), defaults);
}

TEST(ModelRules, APushWaitsAndHasNoBrakeForEmpty)
{
    EXPECT_EQ(rules_of(document(pushed(""), "", R"("brakes": {"empty": {"rows": 1}}, "when_held": "replace", )")),
              R"({"brakes":{"changes":"off","deletes":{"action":"hold","percent":30,"rows":1000},"empty":"off",)"
              R"("rows":"off","surplus":"off"},"when_held":"wait"})");
}

TEST(ModelRules, TheInnermostLevelHolds)
{
    auto const rows_of = [](const std::string &text) {
        return parse(text).model.stores.at(0).datasets.at(0).rules->brakes.deletes.rows;
    };
    EXPECT_EQ(rows_of(document(pulled(deletes(3)), deletes(2), deletes(1))), 3);
    EXPECT_EQ(rows_of(document(pulled(""), deletes(2), deletes(1))), 2);
    EXPECT_EQ(rows_of(document(pulled(""), "", deletes(1))), 1);
    std::string const at_the_end =
        R"({"stores": [{"name": "s", "datasets": [)" + pulled("") + R"(], "description": "d"}], )" + deletes(1);
    EXPECT_EQ(rows_of(at_the_end.substr(0, at_the_end.rfind(',')) + "}"), 1);
}

TEST(ModelRules, ABrakeIsReplacedAsAWhole)
{
    Brake const brake = parse(document(pulled(deletes(3)))).model.stores.at(0).datasets.at(0).rules->brakes.deletes;
    EXPECT_EQ(brake.rows, 3);
    EXPECT_FALSE(brake.percent.has_value());
    EXPECT_EQ(brake.action, Action::hold);
    EXPECT_EQ(rules_of(document(pulled(R"("brakes": {"rows": {"factor": 1.5, "action": "warn"}}, )"),
                                R"("brakes": {"deletes": "off", "empty": {"action": "off"}}, "when_held": "wait", )")),
              R"({"brakes":{"changes":"off","deletes":"off","empty":"off","rows":{"action":"warn","factor":1.5},)"
              R"("surplus":"off"},"when_held":"wait"})");
}

TEST(ModelRules, RulesComeBackAsTheyWere)
{
    std::string const text = document(
        pulled(R"("brakes": {"surplus": {"percent": 0.1, "action": "fail"}, "changes": {"rows": 1000000000000000}},
            "duplicate_keys": "last", "checks": [{"name": "c", "condition": "id > 0 AND '\\' <> '\n'"}],
            "references": [{"name": "r", "columns": ["customer"], "dataset": "e", "severity": "warn"}], )") +
            "," + pulled("", "e"),
        R"("release": ["boss"], "when_held": "wait", )");
    Store const store = parse(text).model.stores.at(0);
    EXPECT_EQ(rules_json(*store.datasets.at(0).rules),
              R"({"brakes":{"changes":{"action":"hold","rows":1000000000000000},)"
              R"("deletes":{"action":"hold","percent":30,"rows":1000},"empty":{"action":"hold","rows":100},)"
              R"("rows":"off","surplus":{"action":"fail","percent":0.1}},)"
              R"("checks":[{"condition":"id > 0 AND '\\' <> '\n'","name":"c","severity":"hold"}],)"
              R"("references":[{"columns":["customer"],"dataset":"e","name":"r","severity":"warn","to":["id"]}],)"
              R"("when_held":"wait"})");
    EXPECT_EQ(to_json(store_from_json(to_json(store))), to_json(store));
    for (const Dataset &dataset : store.datasets)
        EXPECT_EQ(to_json(dataset_from_json(to_json(dataset))), to_json(dataset));
    EXPECT_EQ(access_json(access_from_json(access_json(store))), R"({"operators":[],"release":["boss"]})");
}

// An earlier version wrote no rules.
TEST(ModelRules, ADefinitionWithoutRulesHasTheBuiltInOnes)
{
    std::string const text = R"({"columns":[{"name":"id","type":"bigint"}],"ingestion":{"kind":"sql_snapshot",)"
                             R"("query":"SELECT 1"},"name":"d","primary_key":["id"]})";
    EXPECT_EQ(rules_json(*dataset_from_json(text).rules), defaults);
    Store const store = store_from_json(R"({"name":"s","datasets":[)" + text + "]}");
    EXPECT_EQ(rules_json(*store.datasets.at(0).rules), defaults);
}

TEST(ModelRules, WhatIsBuiltInIsNotWritten)
{
    for (const std::string &dataset : {pulled(""), pushed(""), pulled(R"("duplicate_keys": "last", )")}) {
        Store const store = parse(document(dataset)).model.stores.at(0);
        EXPECT_EQ(to_json(store).find("brakes"), std::string::npos);
        EXPECT_EQ(to_json(store).find("when_held"), std::string::npos);
        EXPECT_EQ(rules_json(*store_from_json(to_json(store)).datasets.at(0).rules),
                  rules_json(*store.datasets.at(0).rules));
    }
    EXPECT_NE(to_json(parse(document(pulled(""), R"("when_held": "wait", )")).model.stores.at(0)).find("when_held"),
              std::string::npos);
}

TEST(ModelRules, BehaviourAndTablesDoNotDependOnThem)
{
    Dataset const plain = parse(document(pulled(""))).model.stores.at(0).datasets.at(0);
    Dataset const other =
        parse(document(pulled(deletes(1) + R"("when_held": "wait", "checks": [{"name": "c", "condition": "true"}], )"),
                       R"("consistency": "single", )"))
            .model.stores.at(0)
            .datasets.at(0);
    EXPECT_EQ(behaviour_json(other), behaviour_json(plain));
    EXPECT_EQ(tables_json(other), tables_json(plain));
    EXPECT_NE(rules_json(*other.rules), rules_json(*plain.rules));
}

TEST(ModelRules, ThresholdsHaveBounds)
{
    std::string const at = at_dataset + "brakes/";
    EXPECT_EQ(brake_lines(R"({"deletes": {"rows": 0, "percent": 99.9}, "changes": {"percent": 100},
        "rows": {"factor": 1000000}, "surplus": {"rows": 1000000000000000, "percent": 0.001}, "empty": {"rows": 0}})"),
              Lines{});
    for (std::string const percent : {"130", "100.1", "0", "-1"})
        EXPECT_EQ(brake_lines(R"({"deletes": {"percent": )" + percent + "}}"),
                  Lines{at + "deletes/percent out_of_range"});
    for (std::string const brake : {"deletes", "surplus"})
        EXPECT_EQ(brake_lines("{\"" + brake + R"(": {"rows": 5, "percent": 100}})"),
                  Lines{at + brake + "/percent out_of_range"});
    for (std::string const factor : {"1", "0.5", "1000001"})
        EXPECT_EQ(brake_lines(R"({"rows": {"factor": )" + factor + "}}"), Lines{at + "rows/factor out_of_range"});
    for (std::string const rows : {"-1", "1000000000000001"})
        EXPECT_EQ(brake_lines(R"({"empty": {"rows": )" + rows + "}}"), Lines{at + "empty/rows out_of_range"});
    EXPECT_EQ(brake_lines(R"({"empty": {"rows": 1.5}})"), Lines{at + "empty/rows wrong_type"});
    EXPECT_EQ(brake_lines(R"({"deletes": {"percent": "30"}})"), Lines{at + "deletes/percent wrong_type"});
}

TEST(ModelRules, ABrakeIsOffOrHasAThreshold)
{
    std::string const at = at_dataset + "brakes/deletes";
    EXPECT_EQ(brake_lines(R"({"deletes": {}})"), Lines{at + " no_threshold"});
    EXPECT_EQ(brake_lines(R"({"deletes": {"action": "warn"}})"), Lines{at + " no_threshold"});
    EXPECT_EQ(brake_lines(R"({"deletes": {"action": "off", "rows": 1}})"), Lines{at + " contradicting_threshold"});
    EXPECT_EQ(brake_lines(R"({"deletes": {"action": "of", "rows": 1}})"), Lines{at + "/action unknown_word"});
    EXPECT_EQ(brake_lines(R"({"deletes": "on"})"), Lines{at + " wrong_type"});
    EXPECT_EQ(brake_lines(R"({"deletes": 30})"), Lines{at + " wrong_type"});
    EXPECT_EQ(brake_lines(R"({"delete": {"rows": 1}})"), Lines{at_dataset + "brakes/delete unknown_member"});
    EXPECT_EQ(brake_lines(R"({"empty": {"percent": 1}})"), Lines{at_dataset + "brakes/empty/percent unknown_member"});
    EXPECT_EQ(brake_lines(R"({"deletes": {"share": 1, "action": "warn"}})"), Lines{at + "/share unknown_member"});
}

TEST(ModelRules, BrakesThatFitNoDatasetOfItsKind)
{
    EXPECT_EQ(all_lines(document(pushed(R"("brakes": {"empty": {"rows": 1}}, )"))),
              Lines{at_dataset + "brakes/empty contradicting_brake"});
    EXPECT_EQ(all_lines(document(pulled(R"("brakes": {"surplus": {"rows": 1}}, )"))),
              Lines{at_dataset + "brakes/surplus contradicting_brake"});
    EXPECT_EQ(all_lines(document(pushed(R"("brakes": {"empty": "off", "surplus": "off"}, )"))), Lines{});
    EXPECT_EQ(all_lines(document(dataset_of("1", R"("brakes": {"empty": {"rows": 1}}, "when_held": "replace", )"),
                                 R"("consistency": "single", )")),
              Lines{at_dataset + "ingestion wrong_type"});
    EXPECT_EQ(all_lines(document(pulled(R"("duplicate_keys": "lst", "brakes": {"surplus": {"rows": 1}}, )"))),
              Lines{at_dataset + "duplicate_keys unknown_word"});
}

TEST(ModelRules, WhenHeldIsOfTheStreamAndAPushWaits)
{
    std::string const replace = R"("when_held": "replace", )";
    std::string const single = R"("consistency": "single", )";
    EXPECT_EQ(all_lines(document(pulled(replace), single)), Lines{});
    EXPECT_EQ(all_lines(document(pulled(replace))), Lines{at_dataset + "when_held misplaced_when_held"});
    EXPECT_EQ(all_lines(document(pushed(replace), single)), Lines{at_dataset + "when_held contradicting_when_held"});
    EXPECT_EQ(all_lines(document(pushed(R"("when_held": "wait", )"), single)), Lines{});
    EXPECT_EQ(all_lines(document(pushed(""), replace)), Lines{"error /stores/0/when_held contradicting_when_held"});
    EXPECT_EQ(all_lines(document(pushed("") + "," + pulled("", "e"), single + replace)), Lines{});
    EXPECT_EQ(all_lines(document(pushed(""), "", replace)), Lines{});
}

TEST(ModelRules, ChecksHaveNamesOfTheirOwnAndConditions)
{
    auto const with = [](const std::string &checks) {
        return all_lines(document(pulled(R"("checks": [)" + checks + R"(], "references": [{"name": "r",
            "columns": ["customer"], "dataset": "d"}], )")));
    };
    std::string const at = at_dataset + "checks/0/";
    EXPECT_EQ(with(R"({"name": "a", "condition": "id > 0", "severity": "fail"})"), Lines{});
    EXPECT_EQ(with(R"({"name": "", "condition": " \n", "severity": "off"})"),
              (Lines{at + "name empty_name", at + "condition empty_condition", at + "severity unknown_word"}));
    EXPECT_EQ(with("{}"), (Lines{at + "name missing_member", at + "condition missing_member"}).size() == 2
                              ? (Lines{at_dataset + "checks/0 missing_member", at_dataset + "checks/0 missing_member"})
                              : Lines{});
    EXPECT_EQ(with(R"({"name": "a", "condition": "true"}, {"name": "a", "condition": "true"})"),
              Lines{at_dataset + "checks/1/name duplicate_name"});
    EXPECT_EQ(with(R"({"name": "r", "condition": "true"})"), Lines{at_dataset + "references/0/name duplicate_name"});
    EXPECT_EQ(with(R"({"name": ")" + std::string(64, 'n') + R"(", "condition": "true"})"),
              Lines{at + "name name_too_long"});
    EXPECT_EQ(with(R"({"name": "a", "condition": ")" + std::string(10'001, ' ') + R"(1"})"),
              Lines{at + "condition text_too_long"});
}

TEST(ModelRules, ADatasetHasAHundredChecksAndAHundredReferences)
{
    auto const with = [](const std::string &member, const std::string &rest, int count) {
        std::string list;
        for (int i = 0; i < count; ++i)
            list += (i > 0 ? "," : "") + (R"({"name": "n)" + std::to_string(i)) + "\", " + rest + "}";
        return all_lines(document(pulled("\"" + member + "\": [" + list + "], ")));
    };
    std::string const reference = R"("columns": ["customer"], "dataset": "d")";
    EXPECT_EQ(with("checks", R"("condition": "true")", 100), Lines{});
    EXPECT_EQ(with("checks", R"("condition": "true")", 101), Lines{at_dataset + "checks too_many_checks"});
    EXPECT_EQ(with("references", reference, 100), Lines{});
    EXPECT_EQ(with("references", reference, 101), Lines{at_dataset + "references too_many_references"});
}

TEST(ModelRules, ReferencesNameColumnsOfDatasetsOfTheStore)
{
    std::string const at = at_dataset + "references/0/";
    std::string const other = "," + pushed("", "customers");
    EXPECT_EQ(reference_lines(R"("columns": ["customer"], "dataset": "d")"), Lines{});
    EXPECT_EQ(reference_lines(R"("columns": ["customer", "id"], "dataset": "d", "to": ["id", "customer"])"), Lines{});
    EXPECT_EQ(reference_lines(R"("columns": ["custmer"], "dataset": "d")"), Lines{at + "columns/0 unknown_column"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer"], "dataset": "d", "to": ["ids"])"),
              Lines{at + "to/0 unknown_column"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer"], "dataset": "e")"), Lines{at + "dataset unknown_dataset"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer"], "dataset": "e")", "," + pulled("", "")),
              Lines{"error /stores/0/datasets/1/name empty_name"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer", "customer"], "dataset": "d", "to": ["id", "customer"])"),
              Lines{at + "columns/1 duplicate_column"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer", "id"], "dataset": "d")"),
              Lines{at + "columns reference_columns"});
    EXPECT_EQ(reference_lines(R"("columns": [], "dataset": "d")"), Lines{at + "columns no_columns"});
    EXPECT_EQ(reference_lines(R"("columns": ["customer"], "dataset": "d", "to": [])"), Lines{at + "to no_columns"});
}

TEST(ModelRules, ReleaseIsAListOfRoles)
{
    EXPECT_EQ(all_lines(document(pulled(""), R"("release": ["a", "a"], )")),
              Lines{"error /stores/0/release/1 duplicate_role"});
    EXPECT_EQ(all_lines(document(pulled(""), R"("release": "a", )")), Lines{"error /stores/0/release wrong_type"});
    EXPECT_EQ(access_from_json(R"({"operators":[]})").release, nullptr);
    EXPECT_EQ(access_from_json(R"({"operators":[],"release":[]})").release->size(), 0u);
}

} // namespace datasurface::model
