// Reading and checking a large document lets a cancel through, which is thrown out of the middle of it.

#include <gtest/gtest.h>

#include "allocation.hpp"
#include "model_problems.hpp"
#include "shape/claims.hpp"

namespace datasurface::model {

namespace {

struct Cancelled {};

int looks = 0; // how often somebody looked whether to go on

void count()
{
    ++looks;
}

void cancel()
{
    throw Cancelled();
}

void cancel_late()
{
    if (++looks == 3)
        throw Cancelled();
}

std::string list_of(const std::string &item, int times)
{
    std::string text = item;
    for (int i = 1; i < times; ++i)
        text += "," + item;
    return "[" + text + "]";
}

int looks_of_reading(const std::string &document)
{
    looks = 0;
    parse(document, count);
    return looks;
}

Model ten_datasets_and_sinks()
{
    std::string datasets, sinks;
    for (int i = 0; i < 10; ++i) {
        std::string const name = "d" + std::to_string(i);
        datasets += (i == 0 ? "" : ", ") + dataset_json(name);
        sinks += (i == 0 ? "" : ", ") + (R"({"store": "s", "dataset": ")" + name + "\"}");
    }
    return parse(document_json(store_json("s", datasets),
                               R"({"name": "w", "groups": [{"name": "g", "sinks": [)" + sinks + "]}]}"))
        .model;
}

} // namespace

TEST(ModelInterrupts, AreLookedForAllTheTimeWhateverIsRead)
{
    for (const char *item : {"0", "1.5", "-1", "null", "true", "{}", "[]", "\"\"", R"({"":{}})"})
        EXPECT_GE(looks_of_reading(R"({"x": )" + list_of(item, 100'000) + "}"), 20) << item;
    EXPECT_GE(looks_of_reading(R"({"x": )" + list_of("\"" + std::string(10'000, 'x') + "\"", 1000) + "}"), 100);
    EXPECT_GE(looks_of_reading(R"({"x": )" + list_of("{\"" + std::string(10'000, 'x') + "\":0}", 1000) + "}"), 100);
    EXPECT_EQ(looks_of_reading(R"({"stores": []})"), 0);
}

TEST(ModelInterrupts, AreLookedForWithinLongTextsAndWhiteSpace)
{
    std::size_t const large = 8 << 20;
    EXPECT_GE(looks_of_reading(R"({"x": ")" + std::string(large, 'x') + R"("})"), 100);
    for (char const blank : {' ', '\n'}) {
        EXPECT_GE(looks_of_reading(std::string(large, blank)), 100);
        EXPECT_GE(looks_of_reading("{" + std::string(large, blank) + "x"), 100);
    }
}

TEST(ModelInterrupts, LeaveNothingOfTheDocumentBehind)
{
    std::string const document = R"({"stores": [{"name": "s", "operators": )" +
                                 list_of("\"a role that has a long name\"", 9000) + R"(, "description": {"x": )" +
                                 list_of(R"("\u0000")", 9000) + "}}]}";
    std::size_t const before = allocation::live();
    looks = 0;
    EXPECT_THROW(parse(document, cancel_late), Cancelled);
    EXPECT_EQ(looks, 3);
    EXPECT_EQ(allocation::live(), before);
}

TEST(ModelInterrupts, AreLookedForWithEachDatasetAndSink)
{
    Model const model = ten_datasets_and_sinks();
    looks = 0;
    lint(model, {}, count);
    EXPECT_EQ(looks, 20);
    looks = 0;
    std::vector<shape::Claim> const claims = shape::claims(model, count);
    EXPECT_EQ(looks, 20);
    looks = 0;
    shape::check_claims(claims, {}, count);
    EXPECT_EQ(looks, static_cast<int>(claims.size()));
    EXPECT_THROW(lint(model, {}, cancel), Cancelled);
    EXPECT_THROW(shape::claims(model, cancel), Cancelled);
    EXPECT_THROW(shape::check_claims(claims, {}, cancel), Cancelled);
}

} // namespace datasurface::model
