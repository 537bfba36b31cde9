// Canonical JSON, there and back.

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "model_problems.hpp"

namespace datasurface::model {

namespace {

const std::string full_dataset =
    R"({"columns":[{"description":"key","name":"id","nullable":false,"type":"uuid"},)"
    R"({"name":"größe \"\\\n","nullable":true,"type":"geo.\"My Type\""}],"description":"one",)"
    R"("duplicate_keys":"last","fillfactor":75,"history_key_index":false,)"
    R"("ingestion":{"kind":"sql_snapshot","query":"SELECT '\\'\n"},"milestoning":"milestoned","name":"d",)"
    R"("primary_key":["id"]})";

const std::string full_store = R"({"consistency":"single","consumers":[{"readers":["bi","public"],"workspace":"desk"},)"
                               R"({"readers":[],"workspace":"nobody"},{"workspace":"all"}],"datasets":[)" +
                               full_dataset +
                               R"(],"description":"s","name":"crm","operators":["cron","airflow"],"owner":"me",)"
                               R"("schema":"crm_data"})";

const std::string full_workspace =
    R"({"description":"w","groups":[{"description":"g","name":"people","sinks":[)"
    R"({"columns":["id",{"as":"day","column":"since"}],"dataset":"d","name":"clients","store":"crm","where":"id > 0"},)"
    R"({"dataset":"d","name":"all","store":"crm"}]}],"name":"desk","owner":"you","readers":["bi","public"],"schema":"analytics"})";

std::string broken_part_detail(const std::string &text)
{
    try {
        store_from_json(text);
    } catch (const Error &error) {
        EXPECT_EQ(error.sqlstate, "XX000");
        return error.detail;
    }
    ADD_FAILURE() << "no error";
    return {};
}

} // namespace

TEST(ModelWrite, PartsComeBackAsTheyWere)
{
    EXPECT_EQ(to_json(dataset_from_json(full_dataset)), full_dataset);
    EXPECT_EQ(to_json(store_from_json(full_store)), full_store);
    EXPECT_EQ(to_json(workspace_from_json(full_workspace)), full_workspace);
}

TEST(ModelWrite, OfAPushIsWrittenWhichRowsItHas)
{
    Dataset dataset = dataset_from_json(full_dataset);
    dataset.ingestion = Ingestion::push;
    EXPECT_EQ(tables_json(dataset).find("\"rows\""), std::string::npos) << "a model of before stays as it is";
    EXPECT_FALSE(stages_deletes(dataset));
    dataset.rows = PushedRows::delta;
    EXPECT_NE(to_json(dataset).find(R"("ingestion":{"kind":"push","rows":"delta"})"), std::string::npos);
    EXPECT_NE(tables_json(dataset).find(R"("ingestion":{"kind":"push","stages_deletes":true})"), std::string::npos)
        << "the staging table has a column more";
    EXPECT_TRUE(stages_deletes(dataset_from_json(to_json(dataset))));
}

TEST(ModelWrite, DefaultsAreWrittenOut)
{
    Parsed const parsed =
        parse(document_json(store_json("s", dataset_json("d")),
                            R"({"name": "w", "groups": [{"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})"));
    EXPECT_EQ(to_json(parsed.model.stores.at(0)),
              R"({"consistency":"multi","datasets":[{"columns":[{"description":"d","name":"id","nullable":false,)"
              R"("type":"bigint"}],"description":"d","duplicate_keys":"error","fillfactor":90,)"
              R"("history_key_index":true,"ingestion":{"kind":"push"},"milestoning":"live","name":"d",)"
              R"("primary_key":["id"]}],"description":"d","name":"s","operators":[],"schema":"s"})");
    EXPECT_EQ(to_json(parsed.model.workspaces.at(0)),
              R"({"groups":[{"name":"g","sinks":[{"dataset":"d","name":"d","store":"s"}]}],"name":"w","schema":"w"})");
}

TEST(ModelWrite, TheOrderOfMembersAndBlanksDoNotMatter)
{
    std::string const one = R"({"stores": [{"name": "s", "description": "d", "datasets": []}]})";
    std::string const other = R"({"stores":[{"datasets":[],"schema":"s",)"
                              "\n\t"
                              R"("consistency":"multi","description":"\u0064","name":"s"}]})";
    EXPECT_EQ(to_json(parse(one).model.stores.at(0)), to_json(parse(other).model.stores.at(0)));
}

TEST(ModelWrite, AccessIsWhatAStoreSaysOfOperatorsAndConsumersAlone)
{
    std::string const access =
        R"({"consumers":[{"readers":["bi","public"],"workspace":"desk"},{"readers":[],"workspace":"nobody"},)"
        R"({"workspace":"all"}],"operators":["cron","airflow"]})";
    EXPECT_EQ(access_json(store_from_json(full_store)), access);
    EXPECT_EQ(access_json(access_from_json(access)), access);
}

TEST(ModelWrite, NoConsumersAreNotAnEmptyListOfThem)
{
    for (std::string const access : {R"({"operators":[]})", R"({"consumers":[],"operators":[]})"})
        EXPECT_EQ(access_json(access_from_json(access)), access);
    EXPECT_EQ(access_from_json(R"({"operators":[]})").consumers, nullptr);
    EXPECT_NE(access_from_json(R"({"consumers":[],"operators":[]})").consumers, nullptr);
}

TEST(ModelWrite, BehaviourIsWithoutDescriptions)
{
    Dataset dataset = dataset_from_json(full_dataset);
    std::string const before = behaviour_json(dataset);
    EXPECT_EQ(before.find("description"), std::string::npos);
    dataset.description = "other";
    dataset.columns[0].description = "";
    EXPECT_EQ(behaviour_json(dataset), before);
    EXPECT_NE(to_json(dataset), full_dataset);
}

TEST(ModelWrite, BehaviourTellsEveryOtherDifference)
{
    Dataset const original = dataset_from_json(full_dataset);
    std::vector<Dataset> changed(12, original);
    changed[0].name = "e";
    changed[1].ingestion = Ingestion::push;
    changed[2].query += " ";
    changed[3].milestoning = Milestoning::live;
    changed[4].duplicate_keys = DuplicateKeys::error;
    changed[5].fillfactor = 76;
    changed[6].history_key_index = true;
    changed[7].primary_key = {"größe \"\\\n"};
    changed[8].columns[0].name = "i";
    changed[9].columns[0].type = "text";
    changed[10].columns[1].nullable = false;
    std::swap(changed[11].columns[0], changed[11].columns[1]);
    for (std::size_t i = 0; i < changed.size(); ++i)
        EXPECT_NE(behaviour_json(changed[i]), behaviour_json(original)) << i;
    for (std::size_t i = 0; i < changed.size(); ++i)
        EXPECT_EQ(tables_json(changed[i]) == tables_json(original), i == 2 || i == 4) << i << ": query, duplicate_keys";
}

TEST(ModelWrite, ABrokenPartIsAnInternalError)
{
    EXPECT_EQ(broken_part_detail("{"), "line 1, column 2: the document ends where the name of a member is expected");
    EXPECT_EQ(broken_part_detail(R"({"name": "s", "datasets": [{"name": 1}]})").substr(0, 55),
              "/datasets/0/name: expected a string, found a number\n/da");
    EXPECT_NE(broken_part_detail("[]"), "");
    EXPECT_THROW(dataset_from_json("{}"), Error);
    EXPECT_THROW(access_from_json(R"({"operators":["a"],"readers":[]})"), Error);
    EXPECT_THROW(workspace_from_json("{}"), Error);
}

TEST(ModelWrite, WarningsAreNoReasonToRefuseAPart)
{
    EXPECT_EQ(store_from_json(R"({"name":"s","datasets":[]})").name, "s");
}

TEST(ModelWrite, TextThatIsNotUtf8IsAnErrorOfOurs)
{
    Store store;
    store.name = "\xff";
    EXPECT_THROW(to_json(store), Error);
}

// The text is digested, so it must be that of the library, which sorts members and escapes no more than it has to.
TEST(ModelWrite, TheTextIsWhatTheLibraryWouldWrite)
{
    std::mt19937 random(23);
    std::vector<std::string> const characters = {"a", "\"", "\\", "/", "\x7f", "é", "€", "😀", "\u2028"};
    auto const any_text = [&] {
        std::string text;
        for (std::size_t i = random() % 12; i > 0; --i) {
            std::size_t const which = random() % 64;
            text += which < 32 ? std::string(1, static_cast<char>(which)) : characters[which % characters.size()];
        }
        return text;
    };
    for (int round = 0; round < 500; ++round) {
        Dataset dataset;
        dataset.ingestion = round % 2 == 0 ? Ingestion::push : Ingestion::sql_snapshot;
        dataset.columns = {{any_text(), any_text(), any_text(), true}, {any_text(), any_text(), "", false}};
        dataset.primary_key = {any_text(), any_text()};
        for (std::string *text : {&dataset.name, &dataset.description, &dataset.query})
            *text = any_text();
        Store store;
        store.datasets = {dataset, Dataset()};
        store.operators = {any_text()};
        store.consumers = std::make_shared<std::vector<Consumer>>(
            std::vector<Consumer>{{any_text(), std::nullopt}, {any_text(), Roles{any_text()}}});
        store.description = std::make_shared<std::string>(any_text());
        for (std::string *text : {&store.name, &store.owner, &store.schema})
            *text = any_text();
        Workspace workspace;
        workspace.name = any_text();
        workspace.groups = {{any_text(), any_text(), {{any_text(), any_text(), any_text()}}}, {}};
        for (const std::string &text :
             {to_json(store), to_json(dataset), behaviour_json(dataset), to_json(workspace), access_json(store)})
            EXPECT_EQ(nlohmann::json::parse(text).dump(), text);
    }
}

TEST(ModelWords, EveryWord)
{
    EXPECT_EQ(word(Consistency::single), "single");
    EXPECT_EQ(word(Consistency::multi), "multi");
    EXPECT_EQ(word(Ingestion::push), "push");
    EXPECT_EQ(word(Ingestion::sql_snapshot), "sql_snapshot");
    EXPECT_EQ(word(Milestoning::live), "live");
    EXPECT_EQ(word(Milestoning::milestoned), "milestoned");
    EXPECT_EQ(word(DuplicateKeys::error), "error");
    EXPECT_EQ(word(DuplicateKeys::last), "last");
    EXPECT_EQ(word(Severity::error), "error");
    EXPECT_EQ(word(Severity::warning), "warning");
}

} // namespace datasurface::model
