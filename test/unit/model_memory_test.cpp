// What the model takes of memory, and what happens when there is none.

#include <gtest/gtest.h>

#include "allocation.hpp"
#include "base/error.hpp"
#include "model_problems.hpp"
#include "shape/claims.hpp"

namespace datasurface::model {

namespace {

// begin, then `unit` until the document is of that size, then end. A comma at the end of the last unit is left out.
std::string repeated(const std::string &begin, const std::string &unit, const std::string &end, std::size_t size)
{
    std::string text = begin;
    while (text.size() < size)
        text += unit;
    if (!end.empty() && text.back() == ',')
        text.pop_back();
    return text + end;
}

// The most that reading takes at once, in sizes of the document, which comes on top.
double memory_of_reading(const std::string &document)
{
    std::size_t const before = allocation::live();
    allocation::forget_peak();
    Parsed const parsed = parse(document);
    return static_cast<double>(allocation::peak() - before) / static_cast<double>(document.size());
}

constexpr std::size_t large = 8 << 20; // so that the problems, of which 10,000 are told, do not count

struct Shaped {
    const char *what;
    std::string begin;
    std::string unit;
    std::string end;
};

const std::string one_store = R"({"stores": [{"name": "s", "datasets": [)";
const std::string one_column = R"({"name":"c","type":"t"},)";

std::vector<Shaped> shapes()
{
    std::string columns = one_column;
    for (int i = 0; i < 10; ++i)
        columns += R"({"name": "a column", "type": "text", "description": "what it is about"},)";
    columns.pop_back();
    return {
        {"honest", one_store,
         R"({"name": "a dataset", "description": "d", "primary_key": ["c"], "ingestion": {"kind": "push"}, "columns": [)" +
             columns + "]},",
         "]}]}"},
        {"numbers for stores", R"({"stores": [)", "0,", "]}"},
        {"numbers for nobody", R"({"x": [)", "0,", "]}"},
        {"brackets", R"({"x": [)", "[],", "]}"},
        {"nesting", R"({"x": [)", std::string(62, '[') + std::string(62, ']') + ",", "]}"},
        {"a text", R"({"stores": [{"name": ")", "x", R"("}]})"},
        {"a name", R"({")", "x", R"(": 1})"},
        {"a text that is not closed", R"({"stores": [{"name": ")", "x", {}},
        {"a text with an error at its end", R"({"stores": [{"name": ")", "x", "\n"},
        {"line breaks", R"({"stores": [)", "\n", "]}"},
        {"line breaks before an error", {}, "\n", "x"},
        {"tabs before an error", R"({"stores": [)", "\t", "x"},
        {"nothing but blanks", {}, " ", {}},
        {"NUL characters", R"({"stores": [{"name": ")", "\\u0000", R"("}]})"},
        {"duplicates", "{", R"("a":0,)", "}"},
        {"duplicates for nobody", R"({"x": {)", R"("a":0,)", "}}"},
        {"empty objects", R"({"stores": [)", "{},", "]}"},
        {"names", R"({"stores": [{"name": "s", "datasets": [], "operators": [)", R"("a",)", "]}]}"},
        {"columns", one_store + R"({"columns": [)", one_column, "]}]}]}"},
        {"stores", R"({"stores": [)", R"({"name":"s","datasets":[]},)", "]}"},
        {"workspaces", R"({"stores": [], "workspaces": [)", R"({"name":"w","groups":[]},)", "]}"},
        {"datasets", one_store,
         R"({"name":"d","columns":[{"name":"c","type":"t"}],"primary_key":["c"],"ingestion":{"kind":"push"}},)",
         "]}]}"},
    };
}

} // namespace

TEST(ModelMemory, ReadingTakesAtMostNineTimesTheDocumentWhichIsTheTenth)
{
    for (const Shaped &shape : shapes())
        EXPECT_LE(memory_of_reading(repeated(shape.begin, shape.unit, shape.end, large)), 9.0) << shape.what;
}

// A list that grows is copied, so that old and new are there at once; the new one is not touched behind what was copied.
TEST(ModelMemory, ListsThatGrowReserveMoreThanTheyTouch)
{
    Shaped const sinks{"sinks", R"({"stores": [], "workspaces": [{"name": "w", "groups": [{"name": "g", "sinks": [)",
                       R"({"store":"s","dataset":"d"},)", "]}]}]}"};
    Shaped part = sinks;
    part.what = "sinks that show one column";
    part.unit = R"({"store":"s","dataset":"d","columns":["a"]},)";
    Shaped columns = sinks;
    columns.what = "sinks that show many columns";
    columns.unit = R"({"store":"s","dataset":"d","columns":["a")";
    for (int i = 1; i < 1500; ++i)
        columns.unit += R"(,"a")";
    columns.unit += "]},";
    Shaped const consumers{"consumers", R"({"stores": [{"name": "s", "datasets": [], "consumers": [)",
                           R"({"workspace":"w"},)", "]}]}"};
    for (const Shaped &shape : {sinks, part, columns, consumers})
        EXPECT_LE(memory_of_reading(repeated(shape.begin, shape.unit, shape.end, large)), 12.0) << shape.what;
}

TEST(ModelMemory, ManyUnknownMembersAreNotHeld)
{
    for (const char *begin : {"{", R"({"x": {)"}) {
        std::string text = begin;
        for (int i = 0; text.size() < large; ++i)
            text += "\"a" + std::to_string(i) + "\":0,";
        text.back() = '}';
        EXPECT_LE(memory_of_reading(text + (text[1] == '"' && text[2] == 'x' ? "}" : "")), 1.0) << begin;
    }
}

TEST(ModelMemory, LongListsOfNamesAreRefused)
{
    std::string const begin = R"({"stores": [{"name": "s", "description": "d", "datasets": [], "operators": [)";
    auto const with = [&](int names) {
        std::string text = begin;
        for (int i = 0; i < names; ++i)
            text += "\"r" + std::to_string(i) + "\",";
        text.back() = ']';
        return lines(parse(text + "}]}").problems);
    };
    EXPECT_EQ(with(10'000), Lines{"warning /stores/0/datasets no_datasets"});
    EXPECT_EQ(with(10'001),
              (Lines{"warning /stores/0/datasets no_datasets", "error /stores/0/operators too_many_names"}));
}

TEST(ModelMemory, LongListsOfConsumersAreRefused)
{
    auto const with = [](int consumers) {
        std::string text = R"({"workspace": "w"})";
        for (int i = 1; i < consumers; ++i)
            text += R"(,{"workspace": "w)" + std::to_string(i) + "\"}";
        return lines(
            parse(document_json(store_json("s", dataset_json("d"), R"("consumers": [)" + text + "], "))).problems);
    };
    EXPECT_EQ(with(10'000), Lines{});
    EXPECT_EQ(with(10'001), Lines{"error /stores/0/consumers too_many_consumers"});
}

// Whichever allocation fails, what is thrown is bad_alloc, and nothing is left behind.
TEST(ModelMemory, EveryAllocationMayFail)
{
    std::string const good =
        document_json(store_json("s", dataset_json("d"), R"("operators": ["a"], "consumers": [{"workspace": "w"}], )"),
                      R"({"name": "w", "groups": [{"name": "g", "sinks": [{"store": "s", "dataset": "d"}]}]})");
    std::string const bad = R"({"stores": [{"nam": 1, "x\u0000": {"a": 0, "a": {}}, "owner": " ", "consistency": "no",
        "datasets": [{"name": "d", "columns": [], "fillfactor": 1, "ingestion": null}]}], "stores": 0})";
    for (const std::string &text : {good, bad, std::string("{\"stores\": 'x'}"), good + "x"}) {
        std::size_t const before = allocation::live();
        long n = 0;
        bool failed = true;
        while (failed && n < 20'000) {
            allocation::fail_at(++n);
            try {
                Parsed const parsed = parse(text);
                Problems const linted = lint(parsed.model, {});
                Problems const clashes = shape::check_claims(shape::claims(parsed.model), {});
                for (const Store &store : parsed.model.stores)
                    store_from_json(to_json(store));
            } catch (const std::bad_alloc &) { // NOLINT: what is tested is that nothing else is thrown
            } catch (const Error &) {          // a part of a bad document
            }
            failed = allocation::has_failed();
            allocation::fail_at(0);
            ASSERT_EQ(allocation::live(), before) << n;
        }
        EXPECT_GT(n, 10);
        EXPECT_LT(n, 20'000);
    }
}

} // namespace datasurface::model
